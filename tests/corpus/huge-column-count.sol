# Primal solution values
Feasible
Objective 4
# Columns 9999999999
x 4
