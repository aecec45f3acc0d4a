"""The configuration of a run, as frozen values that each have a text form and a digest.

pump    `Config`, of the pump, and the paper's presets      engine     `Settings`, of the engine
toml    both as files                                       schedule   the arms and their schedule
"""
