"""The explanation of a run: the model, the arms with their time and solutions, and the nearest points.

rows     the kind of every row, in MIPLIB 2017's classification
model    the statistics of a model
run      an engine run whose slices, solutions and nearest points are recorded
tables   the explanation as tables
picture  the engine run as a picture over time
trace    the pump's iterations as rows, in memory or in a file
plot     the pump's run as a picture over the iterations
"""
