NAME setcover-20x15-s0
ROWS
 N obj
 G element_0
 G element_1
 G element_2
 G element_3
 G element_4
 G element_5
 G element_6
 G element_7
 G element_8
 G element_9
 G element_10
 G element_11
 G element_12
 G element_13
 G element_14
 G element_15
 G element_16
 G element_17
 G element_18
 G element_19
 L limit
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj 75
 x_0 element_4 1
 x_0 element_5 1
 x_0 element_8 1
 x_0 element_12 1
 x_0 element_16 1
 x_0 limit 1
 x_1 obj 63
 x_1 element_7 1
 x_1 element_9 1
 x_1 element_12 1
 x_1 element_19 1
 x_1 limit 1
 x_2 obj 87
 x_2 element_0 1
 x_2 element_1 1
 x_2 element_2 1
 x_2 element_7 1
 x_2 element_11 1
 x_2 limit 1
 x_3 obj 100
 x_3 element_0 1
 x_3 element_6 1
 x_3 element_16 1
 x_3 element_17 1
 x_3 element_19 1
 x_3 limit 1
 x_4 obj 25
 x_4 element_3 1
 x_4 element_8 1
 x_4 element_9 1
 x_4 element_12 1
 x_4 element_16 1
 x_4 element_17 1
 x_4 limit 1
 x_5 obj 57
 x_5 element_1 1
 x_5 element_5 1
 x_5 element_6 1
 x_5 element_8 1
 x_5 element_10 1
 x_5 element_18 1
 x_5 element_19 1
 x_5 limit 1
 x_6 obj 15
 x_6 element_3 1
 x_6 element_4 1
 x_6 element_10 1
 x_6 element_11 1
 x_6 element_14 1
 x_6 element_16 1
 x_6 limit 1
 x_7 obj 11
 x_7 element_2 1
 x_7 element_3 1
 x_7 element_4 1
 x_7 element_5 1
 x_7 element_6 1
 x_7 element_12 1
 x_7 element_15 1
 x_7 element_18 1
 x_7 limit 1
 x_8 obj 68
 x_8 element_2 1
 x_8 element_10 1
 x_8 element_13 1
 x_8 element_14 1
 x_8 limit 1
 x_9 obj 5
 x_9 element_7 1
 x_9 element_15 1
 x_9 element_19 1
 x_9 limit 1
 x_10 obj 72
 x_10 element_0 1
 x_10 element_4 1
 x_10 element_6 1
 x_10 element_9 1
 x_10 element_11 1
 x_10 element_14 1
 x_10 element_15 1
 x_10 limit 1
 x_11 obj 83
 x_11 element_0 1
 x_11 element_1 1
 x_11 element_5 1
 x_11 element_7 1
 x_11 element_13 1
 x_11 limit 1
 x_12 obj 17
 x_12 element_2 1
 x_12 element_3 1
 x_12 element_8 1
 x_12 element_13 1
 x_12 element_15 1
 x_12 element_17 1
 x_12 element_18 1
 x_12 limit 1
 x_13 obj 69
 x_13 element_9 1
 x_13 element_10 1
 x_13 element_13 1
 x_13 element_14 1
 x_13 element_17 1
 x_13 element_18 1
 x_13 limit 1
 x_14 obj 40
 x_14 element_1 1
 x_14 element_11 1
 x_14 limit 1
 MARKER 'MARKER' 'INTEND'
RHS
 RHS element_0 1
 RHS element_1 1
 RHS element_2 1
 RHS element_3 1
 RHS element_4 1
 RHS element_5 1
 RHS element_6 1
 RHS element_7 1
 RHS element_8 1
 RHS element_9 1
 RHS element_10 1
 RHS element_11 1
 RHS element_12 1
 RHS element_13 1
 RHS element_14 1
 RHS element_15 1
 RHS element_16 1
 RHS element_17 1
 RHS element_18 1
 RHS element_19 1
 RHS limit 5
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
