"""Globus Timers as a service of the sandbox."""

from __future__ import annotations

import typing as t

from flask import request

from globus_core.scopes import TimersScopes
from globus_core.testing.sandbox import (
    ApiError,
    Caller,
    Route,
    ServiceSandbox,
    ServiceScope,
    World,
    routes,
)

from . import answers
from .answers import Document
from .jobs import Job
from .new_jobs import new_job, new_timer
from .runner import Runner

_TIMER = str(TimersScopes.timer)


class TimersSandbox(ServiceSandbox):
    """
    Timers, which are due by the sandbox's clock and call its Transfer and its Flows.

    :param world: the data shared with the other services
    """

    service_name = "timer"
    resource_server = TimersScopes.resource_server
    scopes = (ServiceScope(_TIMER, resource_server, "Create and use timers"),)

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._jobs: dict[str, Job] = {}
        self._runner = Runner(world, self._jobs)

    def start(self) -> None:
        self._runner.start()

    def stop(self) -> None:
        self._runner.stop()

    def reset(self) -> None:
        with self._runner.changed:
            self._jobs.clear()
            self._runner.finish()

    def dump(self) -> Document:
        with self._runner.changed:
            return {"timers": [job.dump() for job in self._jobs.values()]}

    def load(self, document: Document) -> None:
        kept = [Job.load(entry) for entry in document["timers"]]
        with self._runner.changed:
            self._jobs.update({job.id: job for job in kept})
        self._runner.wake()

    def routes(self) -> t.Iterable[Route]:
        return routes(
            ("POST", "/v2/timer", self.create_timer),
            ("POST", "/jobs/", self.create_job),
            ("GET", "/jobs/", self.list),
            ("GET", "/jobs/<job_id>", self.show),
            ("PATCH", "/jobs/<job_id>", self.update),
            ("DELETE", "/jobs/<job_id>", self.delete),
            ("POST", "/jobs/<job_id>/pause", self.pause),
            ("POST", "/jobs/<job_id>/resume", self.resume),
        )

    def error_document(self, error: ApiError) -> Document:
        return answers.error_document(error)

    def describe(self) -> Document:
        with self._runner.changed:
            return {"timers": {job.id: job.status for job in self._jobs.values()}}

    def verbs(self) -> dict[str, t.Callable[..., t.Any]]:
        return {"settle": self._runner.settle}

    def caller(self, *scopes: str) -> Caller:
        return super().caller(*(scopes or (_TIMER,)))

    # operations

    def create_timer(self) -> tuple[Document, int]:
        """
        Create a timer in the new form.
        """
        job = new_timer(self.world, self.caller(), answers.body())
        return {"timer": self._add(job, job.timer)}, 201

    def create_job(self) -> tuple[Document, int]:
        """
        Create a timer in the old form.
        """
        job = new_job(self.world, self.caller(), answers.body())
        return self._add(job, job.job), 201

    def list(self) -> Document:
        """
        List the caller's timers, oldest first unless the order is said.
        """
        caller = self.caller()
        with self._runner.changed:
            found = [job.job() for job in self._jobs.values() if _owns(caller, job)]
        if request.args.get("order", "").endswith(" desc"):
            found.reverse()
        return {"jobs": found}

    def show(self, job_id: str) -> Document:
        """
        Show a timer.

        :param job_id: the timer
        """
        with self._runner.changed:
            return self._own(job_id).job()

    def update(self, job_id: str) -> Document:
        """
        Change the name of a timer.

        :param job_id: the timer
        """
        body = answers.body()
        with self._runner.changed:
            job = self._own(job_id)
            if others := body.keys() - {"name"}:
                others_text = ", ".join(sorted(others))
                raise ApiError(501, f"the sandbox cannot change {others_text}, only the name")
            job.name = body.get("name", job.name)
            return job.job()

    def delete(self, job_id: str) -> Document:
        """
        Delete a timer.

        :param job_id: the timer
        """
        with self._runner.changed:
            shown = self._own(job_id).job()
            self._jobs.pop(job_id).due = None
            return shown

    def pause(self, job_id: str) -> Document:
        """
        Pause a timer; one that has ended stays so.

        :param job_id: the timer
        """
        with self._runner.changed:
            job = self._own(job_id)
            if job.status == "loaded":
                job.suspend("user")
        return {"message": f"Successfully paused job {job_id}."}

    def resume(self, job_id: str) -> Document:
        """
        Let a timer run again.

        :param job_id: the timer
        """
        caller, body = self.caller(), answers.body()
        with self._runner.changed:
            job = self._own(job_id)
            if body.get("update_credentials"):
                job.caller = caller
            if job.status == "inactive":
                job.wait(job.schedule.after(self.world.clock.now()))
        self._runner.wake()
        return {"message": f"Successfully resumed job {job_id}."}

    def _add(self, job: Job, document: t.Callable[[], Document]) -> Document:
        with self._runner.changed:
            self._jobs[job.id] = job
            job.wait(job.schedule.first)
            answer = {**document(), "status": "new"}
        self._runner.wake()
        return answer

    def _own(self, job_id: str) -> Job:
        caller, job = self.caller(), self._jobs.get(job_id)
        if job is None or not _owns(caller, job):
            raise ApiError(404, f"there is no timer {job_id!r}")
        return job


def _owns(caller: Caller, job: Job) -> bool:
    return job.caller.identity in caller.identities
