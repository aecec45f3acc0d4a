"""A run explained: what the model looks like, which arms ran, what each found and cost, where the time went.

rows     the kind of every row, in MIPLIB 2017's classification
model    what can be counted in a model
run      a search that is watched: its slices, its solutions, its nearest points
tables   all of that in words and numbers
picture  and as one picture, over time
"""
