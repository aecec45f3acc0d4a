NAME noroad-8-2-s0
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
 x_0 obj 74
 x_0 weight 37
 x_0 gap_0_3 1
 x_0 gap_0_4 1
 x_0 gap_0_5 1
 x_0 gap_0_6 1
 x_0 gap_0_7 1
 x_1 obj 73
 x_1 weight 3
 x_1 gap_0_3 -1
 x_1 gap_0_4 -1
 x_1 gap_0_5 -1
 x_1 gap_0_6 -1
 x_1 gap_0_7 -1
 x_1 gap_1_4 1
 x_1 gap_1_5 1
 x_1 gap_1_6 1
 x_1 gap_1_7 1
 x_2 obj 69
 x_2 weight 1
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
 x_3 obj 65
 x_3 weight 1
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
 x_4 obj 66
 x_4 weight 1
 x_4 gap_0_4 1
 x_4 gap_1_4 1
 x_4 gap_2_5 -1
 x_4 gap_2_6 -1
 x_4 gap_2_7 -1
 x_4 gap_3_6 -1
 x_4 gap_3_7 -1
 x_4 gap_4_7 1
 x_5 obj 72
 x_5 weight 2
 x_5 gap_0_5 1
 x_5 gap_1_5 1
 x_5 gap_2_5 1
 x_5 gap_3_6 -1
 x_5 gap_3_7 -1
 x_5 gap_4_7 -1
 x_6 obj 92
 x_6 weight 8
 x_6 gap_0_6 1
 x_6 gap_1_6 1
 x_6 gap_2_6 1
 x_6 gap_3_6 1
 x_6 gap_4_7 -1
 x_7 obj 318
 x_7 weight 106
 x_7 gap_0_7 1
 x_7 gap_1_7 1
 x_7 gap_2_7 1
 x_7 gap_3_7 1
 x_7 gap_4_7 1
 MARKER 'MARKER' 'INTEND'
RHS
 RHS weight 76
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
