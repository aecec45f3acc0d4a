"""Batch benchmarking: many (instance, configuration, seed) runs, one record for each, tables and figures.

    plan      turns instances, configurations and seeds into jobs, each with a key
    child     runs one job inside its own process: our solver or a peer; writes one record
    ready     checks before a batch starts: its solvers are installed, its configurations are trusted
    process   starts that process, enforces its limits and always returns a record
    runner    runs the missing jobs, several at a time, on this machine or on a Dask cluster (cluster.py)
    store     keeps the results folder of append-only JSON lines
    status    counts planned and finished jobs
    peers     other solvers under the same limits and the same exact check
    report    statistics and figures on one page
    export    writes Parquet and CSV
    grid      tunes hyper-parameters
    fetch     downloads MIPLIB files by name, each with a pinned sha256
    solu      reads files of known objectives

A record is one JSON object. Our runs and those of peers have the same keys; a field without meaning is null.

    format          1
    attempt         counts from 1; the last attempt is the job's record
    key             "sha256 of the file:digest:seed:version"; there is one record per key and attempt
    solver, label   "diffpump" or a peer's name; the configuration's name in tables ("DP4", "highs")
    config          the settings as plain values; config_digest: 12 hexadecimal digits that identify them. A
                    peer's `reader` is "diffpump" if it was given our parsed model, and "native" (or absent in
                    records of older versions) if it read the file with its own reader
    seed            of the run
    instance        name, path, sha256, rows, columns, nonzeros, binaries, integers (general integers only)
    status          a Status in lower case (feasible, iteration_limit, time_limit, infeasible, ...), or what
                    ended the process: "refused" (the file), "crashed", "timeout", "memory", "error" (Python)
    message         one sentence about the status
    found           whether a solution was verified exactly against the file
    objective       of the best verified solution, in the model's own sense; sense: "minimise" or "maximise"
    claimed         found, objective, violation: the solver's own claims about its last incumbent
    violation       rows, bounds, integrality: exact, of the verified solution; exactly_feasible; proof
    incumbents      [{seconds, objective, verified, violation}] in order of time; ours also have the arm that
                    found them. verified is null if the incumbent was not checked; violation is the largest
                    one of an incumbent that the check refused
    bound           the dual bound that the solver reported, or null
    complete        engine only: {by, proven, within}, the claim that no better solution exists, or null
    iterations, restarts {flip, perturbation}, restart_ratio, lp_solves, lp_iterations, counters, nodes
    seconds         startup (from the start of the process to the first line of the job's code), ready (until
                    the model is read, imports included), read, handover (of our parsed model to a peer),
                    total (without startup, and for a peer without handover and final check),
                    first_solution, lp, check
    wall_seconds    of the process, measured from outside; cpu_seconds; rss_mb: the largest resident size,
                    child processes and our own parsed model included
    limits          time (seconds), memory (MB), stop ("first" or "time")
    host            name, cpus, jobs (how many ran side by side)
    started         ISO 8601, UTC
    exit_code       of the process, negative for a signal; stderr: its last lines after a failure
    versions        diffpump, python, numpy, scipy and the solver

Times are wall seconds since the job's code began to run; `startup` is the time before that. The hand-over of
a model to a peer is part of no other time and of no time limit (see `diffpump.bench.peers`).
"""
