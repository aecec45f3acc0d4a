NAME mkp-2x15-s0
ROWS
 N obj
 L knapsack_0
 L knapsack_1
 G demand_0
 G demand_1
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj -85
 x_0 knapsack_0 86
 x_0 knapsack_1 73
 x_0 demand_0 85
 x_0 demand_1 68
 x_1 obj -69
 x_1 knapsack_0 64
 x_1 knapsack_1 64
 x_1 demand_0 18
 x_1 demand_1 53
 x_2 obj -71
 x_2 knapsack_0 52
 x_2 knapsack_1 55
 x_2 demand_0 9
 x_2 demand_1 65
 x_3 obj -39
 x_3 knapsack_0 27
 x_3 knapsack_1 56
 x_3 demand_0 87
 x_3 demand_1 26
 x_4 obj -88
 x_4 knapsack_0 31
 x_4 knapsack_1 94
 x_4 demand_0 3
 x_4 demand_1 62
 x_5 obj -14
 x_5 knapsack_0 5
 x_5 knapsack_1 28
 x_5 demand_0 55
 x_5 demand_1 77
 x_6 obj -58
 x_6 knapsack_0 8
 x_6 knapsack_1 82
 x_6 demand_0 9
 x_6 demand_1 39
 x_7 obj -73
 x_7 knapsack_0 2
 x_7 knapsack_1 68
 x_7 demand_0 30
 x_7 demand_1 47
 x_8 obj -85
 x_8 knapsack_0 18
 x_8 knapsack_1 1
 x_8 demand_0 49
 x_8 demand_1 100
 x_9 obj -53
 x_9 knapsack_0 82
 x_9 knapsack_1 40
 x_9 demand_0 43
 x_9 demand_1 81
 x_10 obj -38
 x_10 knapsack_0 65
 x_10 knapsack_1 86
 x_10 demand_0 41
 x_10 demand_1 99
 x_11 obj -32
 x_11 knapsack_0 92
 x_11 knapsack_1 56
 x_11 demand_0 3
 x_11 demand_1 38
 x_12 obj -43
 x_12 knapsack_0 51
 x_12 knapsack_1 4
 x_12 demand_0 1
 x_12 demand_1 69
 x_13 obj -49
 x_13 knapsack_0 61
 x_13 knapsack_1 77
 x_13 demand_0 13
 x_13 demand_1 96
 x_14 obj -72
 x_14 knapsack_0 98
 x_14 knapsack_1 73
 x_14 demand_0 1
 x_14 demand_1 66
 MARKER 'MARKER' 'INTEND'
RHS
 RHS knapsack_0 591
 RHS knapsack_1 710
 RHS demand_0 105
 RHS demand_1 402
BOUNDS
 BV BND x_0
 BV BND x_1
 BV BND x_2
 BV BND x_3
 BV BND x_4
 BV BND x_5
 BV BND x_6
 BV BND x_7
 BV BND x_8
 BV BND x_9
 BV BND x_10
 BV BND x_11
 BV BND x_12
 BV BND x_13
 BV BND x_14
ENDATA
