"""What a run is: configurations as frozen values, with one text form and a digest each.

pump     `Config` and the paper's presets      engine   `Settings`: the engine's schedule and goal
toml     both as files
"""
