"""What goes wrong on order: faults, the ready-made ones, and how they are ordered."""
