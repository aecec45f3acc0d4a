"""Readers and writers: models, solutions and starts, and the models of other libraries.

read      files to a `Problem`, strictly       write       a `Problem` to an MPS file
mps, lp   the two formats                      solution    solution files of four styles, read and written
start     a user's start, repaired later       foreign     models of other libraries, and arrays
native    a file as other readers take it      files       atomic writes
formats   formats that are not ours, with advice
"""
