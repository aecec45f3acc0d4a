NAME mkpc-1-8-2-s0
ROWS
 N obj
 G weight
 L gap_0_3
 L gap_0_4
 L gap_0_5
 L gap_0_6
 L gap_0_7
 L gap_1_4
 L gap_1_5
 L gap_1_6
 L gap_1_7
 L gap_2_5
 L gap_2_6
 L gap_2_7
 L gap_3_6
 L gap_3_7
 L gap_4_7
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj 9.01
 x_0 weight 571
 x_0 gap_0_3 1
 x_0 gap_0_4 1
 x_0 gap_0_5 1
 x_0 gap_0_6 1
 x_0 gap_0_7 1
 x_1 obj 8.1
 x_1 weight 2404
 x_1 gap_0_3 -1
 x_1 gap_0_4 -1
 x_1 gap_0_5 -1
 x_1 gap_0_6 -1
 x_1 gap_0_7 -1
 x_1 gap_1_4 1
 x_1 gap_1_5 1
 x_1 gap_1_6 1
 x_1 gap_1_7 1
 x_2 obj 3.31
 x_2 weight 3822
 x_2 gap_0_3 -1
 x_2 gap_0_4 -1
 x_2 gap_0_5 -1
 x_2 gap_0_6 -1
 x_2 gap_0_7 -1
 x_2 gap_1_4 -1
 x_2 gap_1_5 -1
 x_2 gap_1_6 -1
 x_2 gap_1_7 -1
 x_2 gap_2_5 1
 x_2 gap_2_6 1
 x_2 gap_2_7 1
 x_3 obj 9
 x_3 weight 2527
 x_3 gap_0_3 1
 x_3 gap_1_4 -1
 x_3 gap_1_5 -1
 x_3 gap_1_6 -1
 x_3 gap_1_7 -1
 x_3 gap_2_5 -1
 x_3 gap_2_6 -1
 x_3 gap_2_7 -1
 x_3 gap_3_6 1
 x_3 gap_3_7 1
 x_4 obj 6.4
 x_4 weight 621
 x_4 gap_0_4 1
 x_4 gap_1_4 1
 x_4 gap_2_5 -1
 x_4 gap_2_6 -1
 x_4 gap_2_7 -1
 x_4 gap_3_6 -1
 x_4 gap_3_7 -1
 x_4 gap_4_7 1
 x_5 obj 5.36
 x_5 weight 54
 x_5 gap_0_5 1
 x_5 gap_1_5 1
 x_5 gap_2_5 1
 x_5 gap_3_6 -1
 x_5 gap_3_7 -1
 x_5 gap_4_7 -1
 x_6 obj 1.46
 x_6 weight 1
 x_6 gap_0_6 1
 x_6 gap_1_6 1
 x_6 gap_2_6 1
 x_6 gap_3_6 1
 x_6 gap_4_7 -1
 x_7 obj 4.39
 x_7 weight 1e-08
 x_7 gap_0_7 1
 x_7 gap_1_7 1
 x_7 gap_2_7 1
 x_7 gap_3_7 1
 x_7 gap_4_7 1
 MARKER 'MARKER' 'INTEND'
RHS
 RHS weight 9500.000000009499
 RHS gap_0_3 1
 RHS gap_0_4 1
 RHS gap_0_5 1
 RHS gap_0_6 1
 RHS gap_0_7 1
 RHS gap_1_4 1
 RHS gap_1_5 1
 RHS gap_1_6 1
 RHS gap_1_7 1
 RHS gap_2_5 1
 RHS gap_2_6 1
 RHS gap_2_7 1
 RHS gap_3_6 1
 RHS gap_3_7 1
 RHS gap_4_7 1
BOUNDS
 BV BND x_0
 BV BND x_1
 BV BND x_2
 BV BND x_3
 BV BND x_4
 BV BND x_5
 BV BND x_6
 BV BND x_7
ENDATA
