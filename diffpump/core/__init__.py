"""The ground: the model, the outcomes, the errors and the limits that every other room speaks of.

problem     a mixed-integer linear program in float64     parsed       the same in the file's own rationals
spec        named choices with weights and parameters     status       how a run and an LP ended
errors      the user's mistakes, with exit codes          limits       a run's deadline and one LP's limits
arrays      vector types and the dot product              tolerances   of rows, bounds, integers
version     the package's version
"""
