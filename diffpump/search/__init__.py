"""The practical engine: many arms, one clock, one pool of points; a first solution soon, then a better one.

    pool       what is shared: proven incumbents, near-feasible points, LP points
    space      where an arm works: the model as it is, or presolved, and the way back
    arms       one file each: it gets a slice of effort, offers points, keeps its state for the next slice
    portfolio  who is next and for how long, until the time is up

No arm's word is taken: a point becomes an incumbent when the exact check has accepted it on the original
model. Arms never see the clock of others; a slice is seconds, or, where runs must repeat, counted work.
"""
