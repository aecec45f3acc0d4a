NAME mckp-5x3-s0
ROWS
 N obj
 E class_0
 E class_1
 E class_2
 E class_3
 E class_4
 L knapsack_0
 L knapsack_1
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0_0 obj 39
 x_0_0 class_0 1
 x_0_0 knapsack_0 86
 x_0_0 knapsack_1 73
 x_0_1 obj 40
 x_0_1 class_0 1
 x_0_1 knapsack_0 64
 x_0_1 knapsack_1 64
 x_0_2 obj 49
 x_0_2 class_0 1
 x_0_2 knapsack_0 52
 x_0_2 knapsack_1 55
 x_1_0 obj 78
 x_1_0 class_1 1
 x_1_0 knapsack_0 27
 x_1_0 knapsack_1 56
 x_1_1 obj 39
 x_1_1 class_1 1
 x_1_1 knapsack_0 31
 x_1_1 knapsack_1 94
 x_1_2 obj 96
 x_1_2 class_1 1
 x_1_2 knapsack_0 5
 x_1_2 knapsack_1 28
 x_2_0 obj 57
 x_2_0 class_2 1
 x_2_0 knapsack_0 8
 x_2_0 knapsack_1 82
 x_2_1 obj 72
 x_2_1 class_2 1
 x_2_1 knapsack_0 2
 x_2_1 knapsack_1 68
 x_2_2 obj 102
 x_2_2 class_2 1
 x_2_2 knapsack_0 18
 x_2_2 knapsack_1 1
 x_3_0 obj 48
 x_3_0 class_3 1
 x_3_0 knapsack_0 82
 x_3_0 knapsack_1 40
 x_3_1 obj 34
 x_3_1 class_3 1
 x_3_1 knapsack_0 65
 x_3_1 knapsack_1 86
 x_3_2 obj 27
 x_3_2 class_3 1
 x_3_2 knapsack_0 92
 x_3_2 knapsack_1 56
 x_4_0 obj 74
 x_4_0 class_4 1
 x_4_0 knapsack_0 51
 x_4_0 knapsack_1 4
 x_4_1 obj 34
 x_4_1 class_4 1
 x_4_1 knapsack_0 61
 x_4_1 knapsack_1 77
 x_4_2 obj 16
 x_4_2 class_4 1
 x_4_2 knapsack_0 98
 x_4_2 knapsack_1 73
 MARKER 'MARKER' 'INTEND'
RHS
 RHS class_0 1
 RHS class_1 1
 RHS class_2 1
 RHS class_3 1
 RHS class_4 1
 RHS knapsack_0 231
 RHS knapsack_1 222
BOUNDS
 BV BND x_0_0
 BV BND x_0_1
 BV BND x_0_2
 BV BND x_1_0
 BV BND x_1_1
 BV BND x_1_2
 BV BND x_2_0
 BV BND x_2_1
 BV BND x_2_2
 BV BND x_3_0
 BV BND x_3_1
 BV BND x_3_2
 BV BND x_4_0
 BV BND x_4_1
 BV BND x_4_2
ENDATA
