"""Batch benchmarking: many (instance, configuration, seed) runs, a record each, tables and pictures of them.

    plan      what is asked for -> jobs, each with a key
    child     one job inside its own process: our engine or a peer, one record out
    process   one job from outside: start the child, hold it to its limits, always return a record
    runner    the missing jobs, several at a time, here or on a Dask cluster (cluster.py)
    store     the results folder: append-only JSON lines
    peers     other solvers under the same limits and the same exact check
    report    statistics, pictures, one page           export   Parquet and CSV
    grid      hyper-parameter grids                    fetch    MIPLIB files by name, with a pinned sha256

**A record** is one JSON object, the same for our runs and for peers' (null where a field has no meaning):

    format          1
    attempt         counts from 1; the last one is the job's record
    key             "sha256 of the file:digest:seed:version"; one record a key
    solver, label   "diffpump" or a peer's name; what tables call the configuration ("DP4", "highs")
    config          the settings as plain values; config_digest: its name, 12 hexadecimal digits
    seed            of the run
    instance        name, path, sha256, rows, columns, nonzeros, binaries, integers (general ones)
    status          a Status in lower case (feasible, iteration_limit, time_limit, infeasible, ...), or how
                    the process ended: "refused" (the file), "crashed", "timeout", "memory", "error" (Python)
    message         one sentence about it
    found           a solution was verified exactly against the file
    objective       the best verified one, in the model's own sense; sense: "minimise" or "maximise"
    claimed         found, objective, violation: what the solver itself said of its last incumbent
    violation       rows, bounds, integrality: the verified solution's, exact; exactly_feasible; proof
    incumbents      [{seconds, objective, verified, violation}] in order of time, ours with the arm that found
                    it; verified null: not checked; violation, the largest, where the check refused it
    bound           the dual bound that the solver reported, or null
    complete        of the engine: its branch and cut has searched everything, by its own word
    iterations, restarts {flip, perturbation}, restart_ratio, lp_solves, lp_iterations, counters, nodes
    seconds         startup (start of the process to the job's code), ready (when the model was read, imports
                    included), read, total (after startup, without the final check of a peer),
                    first_solution, lp, check
    wall_seconds    of the process, from outside; cpu_seconds, rss_mb (largest resident size, with
                    what it started)
    limits          time (seconds), memory (MB), stop ("first" or "time")
    host            name, cpus, jobs (how many ran side by side)
    started         ISO 8601, UTC
    exit_code       of the process, negative for a signal; stderr: its last lines where it went wrong
    versions        diffpump, python, numpy, scipy, the solver's

Times are wall seconds since the job's code began (`startup` is what lies before).
"""
