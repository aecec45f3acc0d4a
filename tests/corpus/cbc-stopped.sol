Stopped on time (no integer solution - continuous used) - objective value -9.0
      0 x                    1.5                      -1
