"""What a run found: the result, the exact verification behind it, and the record that is stored of it.

result   `SolveResult`, its incumbents     verifier   points proven on one exact model
record   results as plain JSON objects
"""
