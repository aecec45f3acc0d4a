"""The pump's operators: one registry for each kind, the mathematics written once in NumPy.

    losses      what the pump descends on      roundings    x_lp -> x_round, with a backward pass
    jacobians   surrogates of the argmin's     optimizers   steps on theta
    restarts    kicks out of a stall

No operator knows an LP solver: a relaxation, or the LP argmin, is handed in.
"""
