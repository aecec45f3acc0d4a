NAME exactk-5of15-s0
ROWS
 N obj
 E count
 L window_0
 L window_1
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj 85
 x_0 count 1
 x_0 window_0 86
 x_0 window_1 73
 x_1 obj 18
 x_1 count 1
 x_1 window_0 64
 x_1 window_1 64
 x_2 obj 9
 x_2 count 1
 x_2 window_0 52
 x_2 window_1 55
 x_3 obj 87
 x_3 count 1
 x_3 window_0 27
 x_3 window_1 56
 x_4 obj 3
 x_4 count 1
 x_4 window_0 31
 x_4 window_1 94
 x_5 obj 55
 x_5 count 1
 x_5 window_0 5
 x_5 window_1 28
 x_6 obj 9
 x_6 count 1
 x_6 window_0 8
 x_6 window_1 82
 x_7 obj 30
 x_7 count 1
 x_7 window_0 2
 x_7 window_1 68
 x_8 obj 49
 x_8 count 1
 x_8 window_0 18
 x_8 window_1 1
 x_9 obj 43
 x_9 count 1
 x_9 window_0 82
 x_9 window_1 40
 x_10 obj 41
 x_10 count 1
 x_10 window_0 65
 x_10 window_1 86
 x_11 obj 3
 x_11 count 1
 x_11 window_0 92
 x_11 window_1 56
 x_12 obj 1
 x_12 count 1
 x_12 window_0 51
 x_12 window_1 4
 x_13 obj 13
 x_13 count 1
 x_13 window_0 61
 x_13 window_1 77
 x_14 obj 1
 x_14 count 1
 x_14 window_0 98
 x_14 window_1 73
 MARKER 'MARKER' 'INTEND'
RHS
 RHS count 5
 RHS window_0 278
 RHS window_1 323
RANGES
 RNG window_0 98
 RNG window_1 114
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
