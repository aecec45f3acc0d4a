"""The ground: the model, the outcomes, the errors and the limits that all other subpackages use.

problem     a mixed-integer linear program in float64     parsed       the same in the file's own rationals
spec        named choices with weights and parameters     status       how a run and an LP ended
errors      the user's mistakes, with exit codes          limits       a run's deadline and one LP's limits
arrays      vector types and the dot product              tolerances   of rows, bounds, integers
registry    members of a kind by name                     luby         Luby's sequence
version     the package's version                         text         names made safe to show
"""
