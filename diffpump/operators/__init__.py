"""The operators of the pump: a registry for each kind, with the mathematics written once in NumPy.

    losses      the terms of the total loss                roundings    x_lp -> x_round, with a backward pass
    jacobians   surrogate Jacobians of the LP argmin       optimizers   steps on theta
    restarts    kicks that end a stall

No operator imports an LP solver: the caller passes the LP argmin where an operator needs it.
"""
