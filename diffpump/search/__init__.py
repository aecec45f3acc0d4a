"""The engine: a portfolio of arms that finds a first solution soon and then improves it.

    pool       the proven solutions that the arms share
    solutions  a proven solution, and the best ones that differ from each other
    space      the model that an arm works on, original or presolved, and the maps between the two, with the
               near-feasible points and the root LP's point
    arms       one file each: an arm gets a budget for one slice, offers points to the pool, and keeps its
               state for the next slice
    portfolio  chooses the next arm and its budget until the run must end
    earlier    what earlier models of the family suggest
    parallel   more processes that run the engine

A point becomes an incumbent only once the exact check has accepted it on the original model. A budget is a
number of seconds or, in a deterministic run, an amount of counted work.
"""
