"""Models without a solution: the point of least weighted violation, and a contradiction that explains it.

weights   what a violation of each row and bound costs
model     the elastic model: slacks on rows and bounds, integrality kept
relaxed   the model with its violated sides moved to the point
result    `RelaxResult`
relax     `relax`, and the run behind it
"""
