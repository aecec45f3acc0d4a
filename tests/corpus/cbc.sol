Optimal - objective value -8.5
      0 x                      1                      -1
**    3 w                    2.5                       0
