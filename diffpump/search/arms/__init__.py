"""The arms of the engine, one file each, which register themselves by `diffpump.config.schedule.arm`.

An arm is a function (context: RunContext) -> Arm under the decorator `arm`, which gives its name, one line
of help, and its role in the schedule.
"""
