"""
The checks that come with ``globus-core doctor``; each module is about one subject.
"""
