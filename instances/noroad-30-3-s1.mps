NAME noroad-30-3-s1
ROWS
 N obj
 G weight
 L gap_0_4
 L gap_0_5
 L gap_0_6
 L gap_0_7
 L gap_0_8
 L gap_0_9
 L gap_0_10
 L gap_0_11
 L gap_0_12
 L gap_0_13
 L gap_0_14
 L gap_0_15
 L gap_0_16
 L gap_0_17
 L gap_0_18
 L gap_0_19
 L gap_0_20
 L gap_0_21
 L gap_0_22
 L gap_0_23
 L gap_0_24
 L gap_0_25
 L gap_0_26
 L gap_0_27
 L gap_0_28
 L gap_0_29
 L gap_1_5
 L gap_1_6
 L gap_1_7
 L gap_1_8
 L gap_1_9
 L gap_1_10
 L gap_1_11
 L gap_1_12
 L gap_1_13
 L gap_1_14
 L gap_1_15
 L gap_1_16
 L gap_1_17
 L gap_1_18
 L gap_1_19
 L gap_1_20
 L gap_1_21
 L gap_1_22
 L gap_1_23
 L gap_1_24
 L gap_1_25
 L gap_1_26
 L gap_1_27
 L gap_1_28
 L gap_1_29
 L gap_2_6
 L gap_2_7
 L gap_2_8
 L gap_2_9
 L gap_2_10
 L gap_2_11
 L gap_2_12
 L gap_2_13
 L gap_2_14
 L gap_2_15
 L gap_2_16
 L gap_2_17
 L gap_2_18
 L gap_2_19
 L gap_2_20
 L gap_2_21
 L gap_2_22
 L gap_2_23
 L gap_2_24
 L gap_2_25
 L gap_2_26
 L gap_2_27
 L gap_2_28
 L gap_2_29
 L gap_3_7
 L gap_3_8
 L gap_3_9
 L gap_3_10
 L gap_3_11
 L gap_3_12
 L gap_3_13
 L gap_3_14
 L gap_3_15
 L gap_3_16
 L gap_3_17
 L gap_3_18
 L gap_3_19
 L gap_3_20
 L gap_3_21
 L gap_3_22
 L gap_3_23
 L gap_3_24
 L gap_3_25
 L gap_3_26
 L gap_3_27
 L gap_3_28
 L gap_3_29
 L gap_4_8
 L gap_4_9
 L gap_4_10
 L gap_4_11
 L gap_4_12
 L gap_4_13
 L gap_4_14
 L gap_4_15
 L gap_4_16
 L gap_4_17
 L gap_4_18
 L gap_4_19
 L gap_4_20
 L gap_4_21
 L gap_4_22
 L gap_4_23
 L gap_4_24
 L gap_4_25
 L gap_4_26
 L gap_4_27
 L gap_4_28
 L gap_4_29
 L gap_5_9
 L gap_5_10
 L gap_5_11
 L gap_5_12
 L gap_5_13
 L gap_5_14
 L gap_5_15
 L gap_5_16
 L gap_5_17
 L gap_5_18
 L gap_5_19
 L gap_5_20
 L gap_5_21
 L gap_5_22
 L gap_5_23
 L gap_5_24
 L gap_5_25
 L gap_5_26
 L gap_5_27
 L gap_5_28
 L gap_5_29
 L gap_6_10
 L gap_6_11
 L gap_6_12
 L gap_6_13
 L gap_6_14
 L gap_6_15
 L gap_6_16
 L gap_6_17
 L gap_6_18
 L gap_6_19
 L gap_6_20
 L gap_6_21
 L gap_6_22
 L gap_6_23
 L gap_6_24
 L gap_6_25
 L gap_6_26
 L gap_6_27
 L gap_6_28
 L gap_6_29
 L gap_7_11
 L gap_7_12
 L gap_7_13
 L gap_7_14
 L gap_7_15
 L gap_7_16
 L gap_7_17
 L gap_7_18
 L gap_7_19
 L gap_7_20
 L gap_7_21
 L gap_7_22
 L gap_7_23
 L gap_7_24
 L gap_7_25
 L gap_7_26
 L gap_7_27
 L gap_7_28
 L gap_7_29
 L gap_8_12
 L gap_8_13
 L gap_8_14
 L gap_8_15
 L gap_8_16
 L gap_8_17
 L gap_8_18
 L gap_8_19
 L gap_8_20
 L gap_8_21
 L gap_8_22
 L gap_8_23
 L gap_8_24
 L gap_8_25
 L gap_8_26
 L gap_8_27
 L gap_8_28
 L gap_8_29
 L gap_9_13
 L gap_9_14
 L gap_9_15
 L gap_9_16
 L gap_9_17
 L gap_9_18
 L gap_9_19
 L gap_9_20
 L gap_9_21
 L gap_9_22
 L gap_9_23
 L gap_9_24
 L gap_9_25
 L gap_9_26
 L gap_9_27
 L gap_9_28
 L gap_9_29
 L gap_10_14
 L gap_10_15
 L gap_10_16
 L gap_10_17
 L gap_10_18
 L gap_10_19
 L gap_10_20
 L gap_10_21
 L gap_10_22
 L gap_10_23
 L gap_10_24
 L gap_10_25
 L gap_10_26
 L gap_10_27
 L gap_10_28
 L gap_10_29
 L gap_11_15
 L gap_11_16
 L gap_11_17
 L gap_11_18
 L gap_11_19
 L gap_11_20
 L gap_11_21
 L gap_11_22
 L gap_11_23
 L gap_11_24
 L gap_11_25
 L gap_11_26
 L gap_11_27
 L gap_11_28
 L gap_11_29
 L gap_12_16
 L gap_12_17
 L gap_12_18
 L gap_12_19
 L gap_12_20
 L gap_12_21
 L gap_12_22
 L gap_12_23
 L gap_12_24
 L gap_12_25
 L gap_12_26
 L gap_12_27
 L gap_12_28
 L gap_12_29
 L gap_13_17
 L gap_13_18
 L gap_13_19
 L gap_13_20
 L gap_13_21
 L gap_13_22
 L gap_13_23
 L gap_13_24
 L gap_13_25
 L gap_13_26
 L gap_13_27
 L gap_13_28
 L gap_13_29
 L gap_14_18
 L gap_14_19
 L gap_14_20
 L gap_14_21
 L gap_14_22
 L gap_14_23
 L gap_14_24
 L gap_14_25
 L gap_14_26
 L gap_14_27
 L gap_14_28
 L gap_14_29
 L gap_15_19
 L gap_15_20
 L gap_15_21
 L gap_15_22
 L gap_15_23
 L gap_15_24
 L gap_15_25
 L gap_15_26
 L gap_15_27
 L gap_15_28
 L gap_15_29
 L gap_16_20
 L gap_16_21
 L gap_16_22
 L gap_16_23
 L gap_16_24
 L gap_16_25
 L gap_16_26
 L gap_16_27
 L gap_16_28
 L gap_16_29
 L gap_17_21
 L gap_17_22
 L gap_17_23
 L gap_17_24
 L gap_17_25
 L gap_17_26
 L gap_17_27
 L gap_17_28
 L gap_17_29
 L gap_18_22
 L gap_18_23
 L gap_18_24
 L gap_18_25
 L gap_18_26
 L gap_18_27
 L gap_18_28
 L gap_18_29
 L gap_19_23
 L gap_19_24
 L gap_19_25
 L gap_19_26
 L gap_19_27
 L gap_19_28
 L gap_19_29
 L gap_20_24
 L gap_20_25
 L gap_20_26
 L gap_20_27
 L gap_20_28
 L gap_20_29
 L gap_21_25
 L gap_21_26
 L gap_21_27
 L gap_21_28
 L gap_21_29
 L gap_22_26
 L gap_22_27
 L gap_22_28
 L gap_22_29
 L gap_23_27
 L gap_23_28
 L gap_23_29
 L gap_24_28
 L gap_24_29
 L gap_25_29
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj 87
 x_0 weight 29
 x_0 gap_0_4 1
 x_0 gap_0_5 1
 x_0 gap_0_6 1
 x_0 gap_0_7 1
 x_0 gap_0_8 1
 x_0 gap_0_9 1
 x_0 gap_0_10 1
 x_0 gap_0_11 1
 x_0 gap_0_12 1
 x_0 gap_0_13 1
 x_0 gap_0_14 1
 x_0 gap_0_15 1
 x_0 gap_0_16 1
 x_0 gap_0_17 1
 x_0 gap_0_18 1
 x_0 gap_0_19 1
 x_0 gap_0_20 1
 x_0 gap_0_21 1
 x_0 gap_0_22 1
 x_0 gap_0_23 1
 x_0 gap_0_24 1
 x_0 gap_0_25 1
 x_0 gap_0_26 1
 x_0 gap_0_27 1
 x_0 gap_0_28 1
 x_0 gap_0_29 1
 x_1 obj 138
 x_1 weight 1
 x_1 gap_0_4 -1
 x_1 gap_0_5 -1
 x_1 gap_0_6 -1
 x_1 gap_0_7 -1
 x_1 gap_0_8 -1
 x_1 gap_0_9 -1
 x_1 gap_0_10 -1
 x_1 gap_0_11 -1
 x_1 gap_0_12 -1
 x_1 gap_0_13 -1
 x_1 gap_0_14 -1
 x_1 gap_0_15 -1
 x_1 gap_0_16 -1
 x_1 gap_0_17 -1
 x_1 gap_0_18 -1
 x_1 gap_0_19 -1
 x_1 gap_0_20 -1
 x_1 gap_0_21 -1
 x_1 gap_0_22 -1
 x_1 gap_0_23 -1
 x_1 gap_0_24 -1
 x_1 gap_0_25 -1
 x_1 gap_0_26 -1
 x_1 gap_0_27 -1
 x_1 gap_0_28 -1
 x_1 gap_0_29 -1
 x_1 gap_1_5 1
 x_1 gap_1_6 1
 x_1 gap_1_7 1
 x_1 gap_1_8 1
 x_1 gap_1_9 1
 x_1 gap_1_10 1
 x_1 gap_1_11 1
 x_1 gap_1_12 1
 x_1 gap_1_13 1
 x_1 gap_1_14 1
 x_1 gap_1_15 1
 x_1 gap_1_16 1
 x_1 gap_1_17 1
 x_1 gap_1_18 1
 x_1 gap_1_19 1
 x_1 gap_1_20 1
 x_1 gap_1_21 1
 x_1 gap_1_22 1
 x_1 gap_1_23 1
 x_1 gap_1_24 1
 x_1 gap_1_25 1
 x_1 gap_1_26 1
 x_1 gap_1_27 1
 x_1 gap_1_28 1
 x_1 gap_1_29 1
 x_2 obj 138
 x_2 weight 2
 x_2 gap_0_4 -1
 x_2 gap_0_5 -1
 x_2 gap_0_6 -1
 x_2 gap_0_7 -1
 x_2 gap_0_8 -1
 x_2 gap_0_9 -1
 x_2 gap_0_10 -1
 x_2 gap_0_11 -1
 x_2 gap_0_12 -1
 x_2 gap_0_13 -1
 x_2 gap_0_14 -1
 x_2 gap_0_15 -1
 x_2 gap_0_16 -1
 x_2 gap_0_17 -1
 x_2 gap_0_18 -1
 x_2 gap_0_19 -1
 x_2 gap_0_20 -1
 x_2 gap_0_21 -1
 x_2 gap_0_22 -1
 x_2 gap_0_23 -1
 x_2 gap_0_24 -1
 x_2 gap_0_25 -1
 x_2 gap_0_26 -1
 x_2 gap_0_27 -1
 x_2 gap_0_28 -1
 x_2 gap_0_29 -1
 x_2 gap_1_5 -1
 x_2 gap_1_6 -1
 x_2 gap_1_7 -1
 x_2 gap_1_8 -1
 x_2 gap_1_9 -1
 x_2 gap_1_10 -1
 x_2 gap_1_11 -1
 x_2 gap_1_12 -1
 x_2 gap_1_13 -1
 x_2 gap_1_14 -1
 x_2 gap_1_15 -1
 x_2 gap_1_16 -1
 x_2 gap_1_17 -1
 x_2 gap_1_18 -1
 x_2 gap_1_19 -1
 x_2 gap_1_20 -1
 x_2 gap_1_21 -1
 x_2 gap_1_22 -1
 x_2 gap_1_23 -1
 x_2 gap_1_24 -1
 x_2 gap_1_25 -1
 x_2 gap_1_26 -1
 x_2 gap_1_27 -1
 x_2 gap_1_28 -1
 x_2 gap_1_29 -1
 x_2 gap_2_6 1
 x_2 gap_2_7 1
 x_2 gap_2_8 1
 x_2 gap_2_9 1
 x_2 gap_2_10 1
 x_2 gap_2_11 1
 x_2 gap_2_12 1
 x_2 gap_2_13 1
 x_2 gap_2_14 1
 x_2 gap_2_15 1
 x_2 gap_2_16 1
 x_2 gap_2_17 1
 x_2 gap_2_18 1
 x_2 gap_2_19 1
 x_2 gap_2_20 1
 x_2 gap_2_21 1
 x_2 gap_2_22 1
 x_2 gap_2_23 1
 x_2 gap_2_24 1
 x_2 gap_2_25 1
 x_2 gap_2_26 1
 x_2 gap_2_27 1
 x_2 gap_2_28 1
 x_2 gap_2_29 1
 x_3 obj 184
 x_3 weight 8
 x_3 gap_0_4 -1
 x_3 gap_0_5 -1
 x_3 gap_0_6 -1
 x_3 gap_0_7 -1
 x_3 gap_0_8 -1
 x_3 gap_0_9 -1
 x_3 gap_0_10 -1
 x_3 gap_0_11 -1
 x_3 gap_0_12 -1
 x_3 gap_0_13 -1
 x_3 gap_0_14 -1
 x_3 gap_0_15 -1
 x_3 gap_0_16 -1
 x_3 gap_0_17 -1
 x_3 gap_0_18 -1
 x_3 gap_0_19 -1
 x_3 gap_0_20 -1
 x_3 gap_0_21 -1
 x_3 gap_0_22 -1
 x_3 gap_0_23 -1
 x_3 gap_0_24 -1
 x_3 gap_0_25 -1
 x_3 gap_0_26 -1
 x_3 gap_0_27 -1
 x_3 gap_0_28 -1
 x_3 gap_0_29 -1
 x_3 gap_1_5 -1
 x_3 gap_1_6 -1
 x_3 gap_1_7 -1
 x_3 gap_1_8 -1
 x_3 gap_1_9 -1
 x_3 gap_1_10 -1
 x_3 gap_1_11 -1
 x_3 gap_1_12 -1
 x_3 gap_1_13 -1
 x_3 gap_1_14 -1
 x_3 gap_1_15 -1
 x_3 gap_1_16 -1
 x_3 gap_1_17 -1
 x_3 gap_1_18 -1
 x_3 gap_1_19 -1
 x_3 gap_1_20 -1
 x_3 gap_1_21 -1
 x_3 gap_1_22 -1
 x_3 gap_1_23 -1
 x_3 gap_1_24 -1
 x_3 gap_1_25 -1
 x_3 gap_1_26 -1
 x_3 gap_1_27 -1
 x_3 gap_1_28 -1
 x_3 gap_1_29 -1
 x_3 gap_2_6 -1
 x_3 gap_2_7 -1
 x_3 gap_2_8 -1
 x_3 gap_2_9 -1
 x_3 gap_2_10 -1
 x_3 gap_2_11 -1
 x_3 gap_2_12 -1
 x_3 gap_2_13 -1
 x_3 gap_2_14 -1
 x_3 gap_2_15 -1
 x_3 gap_2_16 -1
 x_3 gap_2_17 -1
 x_3 gap_2_18 -1
 x_3 gap_2_19 -1
 x_3 gap_2_20 -1
 x_3 gap_2_21 -1
 x_3 gap_2_22 -1
 x_3 gap_2_23 -1
 x_3 gap_2_24 -1
 x_3 gap_2_25 -1
 x_3 gap_2_26 -1
 x_3 gap_2_27 -1
 x_3 gap_2_28 -1
 x_3 gap_2_29 -1
 x_3 gap_3_7 1
 x_3 gap_3_8 1
 x_3 gap_3_9 1
 x_3 gap_3_10 1
 x_3 gap_3_11 1
 x_3 gap_3_12 1
 x_3 gap_3_13 1
 x_3 gap_3_14 1
 x_3 gap_3_15 1
 x_3 gap_3_16 1
 x_3 gap_3_17 1
 x_3 gap_3_18 1
 x_3 gap_3_19 1
 x_3 gap_3_20 1
 x_3 gap_3_21 1
 x_3 gap_3_22 1
 x_3 gap_3_23 1
 x_3 gap_3_24 1
 x_3 gap_3_25 1
 x_3 gap_3_26 1
 x_3 gap_3_27 1
 x_3 gap_3_28 1
 x_3 gap_3_29 1
 x_4 obj 191
 x_4 weight 9
 x_4 gap_0_4 1
 x_4 gap_1_5 -1
 x_4 gap_1_6 -1
 x_4 gap_1_7 -1
 x_4 gap_1_8 -1
 x_4 gap_1_9 -1
 x_4 gap_1_10 -1
 x_4 gap_1_11 -1
 x_4 gap_1_12 -1
 x_4 gap_1_13 -1
 x_4 gap_1_14 -1
 x_4 gap_1_15 -1
 x_4 gap_1_16 -1
 x_4 gap_1_17 -1
 x_4 gap_1_18 -1
 x_4 gap_1_19 -1
 x_4 gap_1_20 -1
 x_4 gap_1_21 -1
 x_4 gap_1_22 -1
 x_4 gap_1_23 -1
 x_4 gap_1_24 -1
 x_4 gap_1_25 -1
 x_4 gap_1_26 -1
 x_4 gap_1_27 -1
 x_4 gap_1_28 -1
 x_4 gap_1_29 -1
 x_4 gap_2_6 -1
 x_4 gap_2_7 -1
 x_4 gap_2_8 -1
 x_4 gap_2_9 -1
 x_4 gap_2_10 -1
 x_4 gap_2_11 -1
 x_4 gap_2_12 -1
 x_4 gap_2_13 -1
 x_4 gap_2_14 -1
 x_4 gap_2_15 -1
 x_4 gap_2_16 -1
 x_4 gap_2_17 -1
 x_4 gap_2_18 -1
 x_4 gap_2_19 -1
 x_4 gap_2_20 -1
 x_4 gap_2_21 -1
 x_4 gap_2_22 -1
 x_4 gap_2_23 -1
 x_4 gap_2_24 -1
 x_4 gap_2_25 -1
 x_4 gap_2_26 -1
 x_4 gap_2_27 -1
 x_4 gap_2_28 -1
 x_4 gap_2_29 -1
 x_4 gap_3_7 -1
 x_4 gap_3_8 -1
 x_4 gap_3_9 -1
 x_4 gap_3_10 -1
 x_4 gap_3_11 -1
 x_4 gap_3_12 -1
 x_4 gap_3_13 -1
 x_4 gap_3_14 -1
 x_4 gap_3_15 -1
 x_4 gap_3_16 -1
 x_4 gap_3_17 -1
 x_4 gap_3_18 -1
 x_4 gap_3_19 -1
 x_4 gap_3_20 -1
 x_4 gap_3_21 -1
 x_4 gap_3_22 -1
 x_4 gap_3_23 -1
 x_4 gap_3_24 -1
 x_4 gap_3_25 -1
 x_4 gap_3_26 -1
 x_4 gap_3_27 -1
 x_4 gap_3_28 -1
 x_4 gap_3_29 -1
 x_4 gap_4_8 1
 x_4 gap_4_9 1
 x_4 gap_4_10 1
 x_4 gap_4_11 1
 x_4 gap_4_12 1
 x_4 gap_4_13 1
 x_4 gap_4_14 1
 x_4 gap_4_15 1
 x_4 gap_4_16 1
 x_4 gap_4_17 1
 x_4 gap_4_18 1
 x_4 gap_4_19 1
 x_4 gap_4_20 1
 x_4 gap_4_21 1
 x_4 gap_4_22 1
 x_4 gap_4_23 1
 x_4 gap_4_24 1
 x_4 gap_4_25 1
 x_4 gap_4_26 1
 x_4 gap_4_27 1
 x_4 gap_4_28 1
 x_4 gap_4_29 1
 x_5 obj 153
 x_5 weight 3
 x_5 gap_0_5 1
 x_5 gap_1_5 1
 x_5 gap_2_6 -1
 x_5 gap_2_7 -1
 x_5 gap_2_8 -1
 x_5 gap_2_9 -1
 x_5 gap_2_10 -1
 x_5 gap_2_11 -1
 x_5 gap_2_12 -1
 x_5 gap_2_13 -1
 x_5 gap_2_14 -1
 x_5 gap_2_15 -1
 x_5 gap_2_16 -1
 x_5 gap_2_17 -1
 x_5 gap_2_18 -1
 x_5 gap_2_19 -1
 x_5 gap_2_20 -1
 x_5 gap_2_21 -1
 x_5 gap_2_22 -1
 x_5 gap_2_23 -1
 x_5 gap_2_24 -1
 x_5 gap_2_25 -1
 x_5 gap_2_26 -1
 x_5 gap_2_27 -1
 x_5 gap_2_28 -1
 x_5 gap_2_29 -1
 x_5 gap_3_7 -1
 x_5 gap_3_8 -1
 x_5 gap_3_9 -1
 x_5 gap_3_10 -1
 x_5 gap_3_11 -1
 x_5 gap_3_12 -1
 x_5 gap_3_13 -1
 x_5 gap_3_14 -1
 x_5 gap_3_15 -1
 x_5 gap_3_16 -1
 x_5 gap_3_17 -1
 x_5 gap_3_18 -1
 x_5 gap_3_19 -1
 x_5 gap_3_20 -1
 x_5 gap_3_21 -1
 x_5 gap_3_22 -1
 x_5 gap_3_23 -1
 x_5 gap_3_24 -1
 x_5 gap_3_25 -1
 x_5 gap_3_26 -1
 x_5 gap_3_27 -1
 x_5 gap_3_28 -1
 x_5 gap_3_29 -1
 x_5 gap_4_8 -1
 x_5 gap_4_9 -1
 x_5 gap_4_10 -1
 x_5 gap_4_11 -1
 x_5 gap_4_12 -1
 x_5 gap_4_13 -1
 x_5 gap_4_14 -1
 x_5 gap_4_15 -1
 x_5 gap_4_16 -1
 x_5 gap_4_17 -1
 x_5 gap_4_18 -1
 x_5 gap_4_19 -1
 x_5 gap_4_20 -1
 x_5 gap_4_21 -1
 x_5 gap_4_22 -1
 x_5 gap_4_23 -1
 x_5 gap_4_24 -1
 x_5 gap_4_25 -1
 x_5 gap_4_26 -1
 x_5 gap_4_27 -1
 x_5 gap_4_28 -1
 x_5 gap_4_29 -1
 x_5 gap_5_9 1
 x_5 gap_5_10 1
 x_5 gap_5_11 1
 x_5 gap_5_12 1
 x_5 gap_5_13 1
 x_5 gap_5_14 1
 x_5 gap_5_15 1
 x_5 gap_5_16 1
 x_5 gap_5_17 1
 x_5 gap_5_18 1
 x_5 gap_5_19 1
 x_5 gap_5_20 1
 x_5 gap_5_21 1
 x_5 gap_5_22 1
 x_5 gap_5_23 1
 x_5 gap_5_24 1
 x_5 gap_5_25 1
 x_5 gap_5_26 1
 x_5 gap_5_27 1
 x_5 gap_5_28 1
 x_5 gap_5_29 1
 x_6 obj 146
 x_6 weight 3
 x_6 gap_0_6 1
 x_6 gap_1_6 1
 x_6 gap_2_6 1
 x_6 gap_3_7 -1
 x_6 gap_3_8 -1
 x_6 gap_3_9 -1
 x_6 gap_3_10 -1
 x_6 gap_3_11 -1
 x_6 gap_3_12 -1
 x_6 gap_3_13 -1
 x_6 gap_3_14 -1
 x_6 gap_3_15 -1
 x_6 gap_3_16 -1
 x_6 gap_3_17 -1
 x_6 gap_3_18 -1
 x_6 gap_3_19 -1
 x_6 gap_3_20 -1
 x_6 gap_3_21 -1
 x_6 gap_3_22 -1
 x_6 gap_3_23 -1
 x_6 gap_3_24 -1
 x_6 gap_3_25 -1
 x_6 gap_3_26 -1
 x_6 gap_3_27 -1
 x_6 gap_3_28 -1
 x_6 gap_3_29 -1
 x_6 gap_4_8 -1
 x_6 gap_4_9 -1
 x_6 gap_4_10 -1
 x_6 gap_4_11 -1
 x_6 gap_4_12 -1
 x_6 gap_4_13 -1
 x_6 gap_4_14 -1
 x_6 gap_4_15 -1
 x_6 gap_4_16 -1
 x_6 gap_4_17 -1
 x_6 gap_4_18 -1
 x_6 gap_4_19 -1
 x_6 gap_4_20 -1
 x_6 gap_4_21 -1
 x_6 gap_4_22 -1
 x_6 gap_4_23 -1
 x_6 gap_4_24 -1
 x_6 gap_4_25 -1
 x_6 gap_4_26 -1
 x_6 gap_4_27 -1
 x_6 gap_4_28 -1
 x_6 gap_4_29 -1
 x_6 gap_5_9 -1
 x_6 gap_5_10 -1
 x_6 gap_5_11 -1
 x_6 gap_5_12 -1
 x_6 gap_5_13 -1
 x_6 gap_5_14 -1
 x_6 gap_5_15 -1
 x_6 gap_5_16 -1
 x_6 gap_5_17 -1
 x_6 gap_5_18 -1
 x_6 gap_5_19 -1
 x_6 gap_5_20 -1
 x_6 gap_5_21 -1
 x_6 gap_5_22 -1
 x_6 gap_5_23 -1
 x_6 gap_5_24 -1
 x_6 gap_5_25 -1
 x_6 gap_5_26 -1
 x_6 gap_5_27 -1
 x_6 gap_5_28 -1
 x_6 gap_5_29 -1
 x_6 gap_6_10 1
 x_6 gap_6_11 1
 x_6 gap_6_12 1
 x_6 gap_6_13 1
 x_6 gap_6_14 1
 x_6 gap_6_15 1
 x_6 gap_6_16 1
 x_6 gap_6_17 1
 x_6 gap_6_18 1
 x_6 gap_6_19 1
 x_6 gap_6_20 1
 x_6 gap_6_21 1
 x_6 gap_6_22 1
 x_6 gap_6_23 1
 x_6 gap_6_24 1
 x_6 gap_6_25 1
 x_6 gap_6_26 1
 x_6 gap_6_27 1
 x_6 gap_6_28 1
 x_6 gap_6_29 1
 x_7 obj 185
 x_7 weight 8
 x_7 gap_0_7 1
 x_7 gap_1_7 1
 x_7 gap_2_7 1
 x_7 gap_3_7 1
 x_7 gap_4_8 -1
 x_7 gap_4_9 -1
 x_7 gap_4_10 -1
 x_7 gap_4_11 -1
 x_7 gap_4_12 -1
 x_7 gap_4_13 -1
 x_7 gap_4_14 -1
 x_7 gap_4_15 -1
 x_7 gap_4_16 -1
 x_7 gap_4_17 -1
 x_7 gap_4_18 -1
 x_7 gap_4_19 -1
 x_7 gap_4_20 -1
 x_7 gap_4_21 -1
 x_7 gap_4_22 -1
 x_7 gap_4_23 -1
 x_7 gap_4_24 -1
 x_7 gap_4_25 -1
 x_7 gap_4_26 -1
 x_7 gap_4_27 -1
 x_7 gap_4_28 -1
 x_7 gap_4_29 -1
 x_7 gap_5_9 -1
 x_7 gap_5_10 -1
 x_7 gap_5_11 -1
 x_7 gap_5_12 -1
 x_7 gap_5_13 -1
 x_7 gap_5_14 -1
 x_7 gap_5_15 -1
 x_7 gap_5_16 -1
 x_7 gap_5_17 -1
 x_7 gap_5_18 -1
 x_7 gap_5_19 -1
 x_7 gap_5_20 -1
 x_7 gap_5_21 -1
 x_7 gap_5_22 -1
 x_7 gap_5_23 -1
 x_7 gap_5_24 -1
 x_7 gap_5_25 -1
 x_7 gap_5_26 -1
 x_7 gap_5_27 -1
 x_7 gap_5_28 -1
 x_7 gap_5_29 -1
 x_7 gap_6_10 -1
 x_7 gap_6_11 -1
 x_7 gap_6_12 -1
 x_7 gap_6_13 -1
 x_7 gap_6_14 -1
 x_7 gap_6_15 -1
 x_7 gap_6_16 -1
 x_7 gap_6_17 -1
 x_7 gap_6_18 -1
 x_7 gap_6_19 -1
 x_7 gap_6_20 -1
 x_7 gap_6_21 -1
 x_7 gap_6_22 -1
 x_7 gap_6_23 -1
 x_7 gap_6_24 -1
 x_7 gap_6_25 -1
 x_7 gap_6_26 -1
 x_7 gap_6_27 -1
 x_7 gap_6_28 -1
 x_7 gap_6_29 -1
 x_7 gap_7_11 1
 x_7 gap_7_12 1
 x_7 gap_7_13 1
 x_7 gap_7_14 1
 x_7 gap_7_15 1
 x_7 gap_7_16 1
 x_7 gap_7_17 1
 x_7 gap_7_18 1
 x_7 gap_7_19 1
 x_7 gap_7_20 1
 x_7 gap_7_21 1
 x_7 gap_7_22 1
 x_7 gap_7_23 1
 x_7 gap_7_24 1
 x_7 gap_7_25 1
 x_7 gap_7_26 1
 x_7 gap_7_27 1
 x_7 gap_7_28 1
 x_7 gap_7_29 1
 x_8 obj 154
 x_8 weight 4
 x_8 gap_0_8 1
 x_8 gap_1_8 1
 x_8 gap_2_8 1
 x_8 gap_3_8 1
 x_8 gap_4_8 1
 x_8 gap_5_9 -1
 x_8 gap_5_10 -1
 x_8 gap_5_11 -1
 x_8 gap_5_12 -1
 x_8 gap_5_13 -1
 x_8 gap_5_14 -1
 x_8 gap_5_15 -1
 x_8 gap_5_16 -1
 x_8 gap_5_17 -1
 x_8 gap_5_18 -1
 x_8 gap_5_19 -1
 x_8 gap_5_20 -1
 x_8 gap_5_21 -1
 x_8 gap_5_22 -1
 x_8 gap_5_23 -1
 x_8 gap_5_24 -1
 x_8 gap_5_25 -1
 x_8 gap_5_26 -1
 x_8 gap_5_27 -1
 x_8 gap_5_28 -1
 x_8 gap_5_29 -1
 x_8 gap_6_10 -1
 x_8 gap_6_11 -1
 x_8 gap_6_12 -1
 x_8 gap_6_13 -1
 x_8 gap_6_14 -1
 x_8 gap_6_15 -1
 x_8 gap_6_16 -1
 x_8 gap_6_17 -1
 x_8 gap_6_18 -1
 x_8 gap_6_19 -1
 x_8 gap_6_20 -1
 x_8 gap_6_21 -1
 x_8 gap_6_22 -1
 x_8 gap_6_23 -1
 x_8 gap_6_24 -1
 x_8 gap_6_25 -1
 x_8 gap_6_26 -1
 x_8 gap_6_27 -1
 x_8 gap_6_28 -1
 x_8 gap_6_29 -1
 x_8 gap_7_11 -1
 x_8 gap_7_12 -1
 x_8 gap_7_13 -1
 x_8 gap_7_14 -1
 x_8 gap_7_15 -1
 x_8 gap_7_16 -1
 x_8 gap_7_17 -1
 x_8 gap_7_18 -1
 x_8 gap_7_19 -1
 x_8 gap_7_20 -1
 x_8 gap_7_21 -1
 x_8 gap_7_22 -1
 x_8 gap_7_23 -1
 x_8 gap_7_24 -1
 x_8 gap_7_25 -1
 x_8 gap_7_26 -1
 x_8 gap_7_27 -1
 x_8 gap_7_28 -1
 x_8 gap_7_29 -1
 x_8 gap_8_12 1
 x_8 gap_8_13 1
 x_8 gap_8_14 1
 x_8 gap_8_15 1
 x_8 gap_8_16 1
 x_8 gap_8_17 1
 x_8 gap_8_18 1
 x_8 gap_8_19 1
 x_8 gap_8_20 1
 x_8 gap_8_21 1
 x_8 gap_8_22 1
 x_8 gap_8_23 1
 x_8 gap_8_24 1
 x_8 gap_8_25 1
 x_8 gap_8_26 1
 x_8 gap_8_27 1
 x_8 gap_8_28 1
 x_8 gap_8_29 1
 x_9 obj 145
 x_9 weight 3
 x_9 gap_0_9 1
 x_9 gap_1_9 1
 x_9 gap_2_9 1
 x_9 gap_3_9 1
 x_9 gap_4_9 1
 x_9 gap_5_9 1
 x_9 gap_6_10 -1
 x_9 gap_6_11 -1
 x_9 gap_6_12 -1
 x_9 gap_6_13 -1
 x_9 gap_6_14 -1
 x_9 gap_6_15 -1
 x_9 gap_6_16 -1
 x_9 gap_6_17 -1
 x_9 gap_6_18 -1
 x_9 gap_6_19 -1
 x_9 gap_6_20 -1
 x_9 gap_6_21 -1
 x_9 gap_6_22 -1
 x_9 gap_6_23 -1
 x_9 gap_6_24 -1
 x_9 gap_6_25 -1
 x_9 gap_6_26 -1
 x_9 gap_6_27 -1
 x_9 gap_6_28 -1
 x_9 gap_6_29 -1
 x_9 gap_7_11 -1
 x_9 gap_7_12 -1
 x_9 gap_7_13 -1
 x_9 gap_7_14 -1
 x_9 gap_7_15 -1
 x_9 gap_7_16 -1
 x_9 gap_7_17 -1
 x_9 gap_7_18 -1
 x_9 gap_7_19 -1
 x_9 gap_7_20 -1
 x_9 gap_7_21 -1
 x_9 gap_7_22 -1
 x_9 gap_7_23 -1
 x_9 gap_7_24 -1
 x_9 gap_7_25 -1
 x_9 gap_7_26 -1
 x_9 gap_7_27 -1
 x_9 gap_7_28 -1
 x_9 gap_7_29 -1
 x_9 gap_8_12 -1
 x_9 gap_8_13 -1
 x_9 gap_8_14 -1
 x_9 gap_8_15 -1
 x_9 gap_8_16 -1
 x_9 gap_8_17 -1
 x_9 gap_8_18 -1
 x_9 gap_8_19 -1
 x_9 gap_8_20 -1
 x_9 gap_8_21 -1
 x_9 gap_8_22 -1
 x_9 gap_8_23 -1
 x_9 gap_8_24 -1
 x_9 gap_8_25 -1
 x_9 gap_8_26 -1
 x_9 gap_8_27 -1
 x_9 gap_8_28 -1
 x_9 gap_8_29 -1
 x_9 gap_9_13 1
 x_9 gap_9_14 1
 x_9 gap_9_15 1
 x_9 gap_9_16 1
 x_9 gap_9_17 1
 x_9 gap_9_18 1
 x_9 gap_9_19 1
 x_9 gap_9_20 1
 x_9 gap_9_21 1
 x_9 gap_9_22 1
 x_9 gap_9_23 1
 x_9 gap_9_24 1
 x_9 gap_9_25 1
 x_9 gap_9_26 1
 x_9 gap_9_27 1
 x_9 gap_9_28 1
 x_9 gap_9_29 1
 x_10 obj 187
 x_10 weight 8
 x_10 gap_0_10 1
 x_10 gap_1_10 1
 x_10 gap_2_10 1
 x_10 gap_3_10 1
 x_10 gap_4_10 1
 x_10 gap_5_10 1
 x_10 gap_6_10 1
 x_10 gap_7_11 -1
 x_10 gap_7_12 -1
 x_10 gap_7_13 -1
 x_10 gap_7_14 -1
 x_10 gap_7_15 -1
 x_10 gap_7_16 -1
 x_10 gap_7_17 -1
 x_10 gap_7_18 -1
 x_10 gap_7_19 -1
 x_10 gap_7_20 -1
 x_10 gap_7_21 -1
 x_10 gap_7_22 -1
 x_10 gap_7_23 -1
 x_10 gap_7_24 -1
 x_10 gap_7_25 -1
 x_10 gap_7_26 -1
 x_10 gap_7_27 -1
 x_10 gap_7_28 -1
 x_10 gap_7_29 -1
 x_10 gap_8_12 -1
 x_10 gap_8_13 -1
 x_10 gap_8_14 -1
 x_10 gap_8_15 -1
 x_10 gap_8_16 -1
 x_10 gap_8_17 -1
 x_10 gap_8_18 -1
 x_10 gap_8_19 -1
 x_10 gap_8_20 -1
 x_10 gap_8_21 -1
 x_10 gap_8_22 -1
 x_10 gap_8_23 -1
 x_10 gap_8_24 -1
 x_10 gap_8_25 -1
 x_10 gap_8_26 -1
 x_10 gap_8_27 -1
 x_10 gap_8_28 -1
 x_10 gap_8_29 -1
 x_10 gap_9_13 -1
 x_10 gap_9_14 -1
 x_10 gap_9_15 -1
 x_10 gap_9_16 -1
 x_10 gap_9_17 -1
 x_10 gap_9_18 -1
 x_10 gap_9_19 -1
 x_10 gap_9_20 -1
 x_10 gap_9_21 -1
 x_10 gap_9_22 -1
 x_10 gap_9_23 -1
 x_10 gap_9_24 -1
 x_10 gap_9_25 -1
 x_10 gap_9_26 -1
 x_10 gap_9_27 -1
 x_10 gap_9_28 -1
 x_10 gap_9_29 -1
 x_10 gap_10_14 1
 x_10 gap_10_15 1
 x_10 gap_10_16 1
 x_10 gap_10_17 1
 x_10 gap_10_18 1
 x_10 gap_10_19 1
 x_10 gap_10_20 1
 x_10 gap_10_21 1
 x_10 gap_10_22 1
 x_10 gap_10_23 1
 x_10 gap_10_24 1
 x_10 gap_10_25 1
 x_10 gap_10_26 1
 x_10 gap_10_27 1
 x_10 gap_10_28 1
 x_10 gap_10_29 1
 x_11 obj 145
 x_11 weight 3
 x_11 gap_0_11 1
 x_11 gap_1_11 1
 x_11 gap_2_11 1
 x_11 gap_3_11 1
 x_11 gap_4_11 1
 x_11 gap_5_11 1
 x_11 gap_6_11 1
 x_11 gap_7_11 1
 x_11 gap_8_12 -1
 x_11 gap_8_13 -1
 x_11 gap_8_14 -1
 x_11 gap_8_15 -1
 x_11 gap_8_16 -1
 x_11 gap_8_17 -1
 x_11 gap_8_18 -1
 x_11 gap_8_19 -1
 x_11 gap_8_20 -1
 x_11 gap_8_21 -1
 x_11 gap_8_22 -1
 x_11 gap_8_23 -1
 x_11 gap_8_24 -1
 x_11 gap_8_25 -1
 x_11 gap_8_26 -1
 x_11 gap_8_27 -1
 x_11 gap_8_28 -1
 x_11 gap_8_29 -1
 x_11 gap_9_13 -1
 x_11 gap_9_14 -1
 x_11 gap_9_15 -1
 x_11 gap_9_16 -1
 x_11 gap_9_17 -1
 x_11 gap_9_18 -1
 x_11 gap_9_19 -1
 x_11 gap_9_20 -1
 x_11 gap_9_21 -1
 x_11 gap_9_22 -1
 x_11 gap_9_23 -1
 x_11 gap_9_24 -1
 x_11 gap_9_25 -1
 x_11 gap_9_26 -1
 x_11 gap_9_27 -1
 x_11 gap_9_28 -1
 x_11 gap_9_29 -1
 x_11 gap_10_14 -1
 x_11 gap_10_15 -1
 x_11 gap_10_16 -1
 x_11 gap_10_17 -1
 x_11 gap_10_18 -1
 x_11 gap_10_19 -1
 x_11 gap_10_20 -1
 x_11 gap_10_21 -1
 x_11 gap_10_22 -1
 x_11 gap_10_23 -1
 x_11 gap_10_24 -1
 x_11 gap_10_25 -1
 x_11 gap_10_26 -1
 x_11 gap_10_27 -1
 x_11 gap_10_28 -1
 x_11 gap_10_29 -1
 x_11 gap_11_15 1
 x_11 gap_11_16 1
 x_11 gap_11_17 1
 x_11 gap_11_18 1
 x_11 gap_11_19 1
 x_11 gap_11_20 1
 x_11 gap_11_21 1
 x_11 gap_11_22 1
 x_11 gap_11_23 1
 x_11 gap_11_24 1
 x_11 gap_11_25 1
 x_11 gap_11_26 1
 x_11 gap_11_27 1
 x_11 gap_11_28 1
 x_11 gap_11_29 1
 x_12 obj 154
 x_12 weight 4
 x_12 gap_0_12 1
 x_12 gap_1_12 1
 x_12 gap_2_12 1
 x_12 gap_3_12 1
 x_12 gap_4_12 1
 x_12 gap_5_12 1
 x_12 gap_6_12 1
 x_12 gap_7_12 1
 x_12 gap_8_12 1
 x_12 gap_9_13 -1
 x_12 gap_9_14 -1
 x_12 gap_9_15 -1
 x_12 gap_9_16 -1
 x_12 gap_9_17 -1
 x_12 gap_9_18 -1
 x_12 gap_9_19 -1
 x_12 gap_9_20 -1
 x_12 gap_9_21 -1
 x_12 gap_9_22 -1
 x_12 gap_9_23 -1
 x_12 gap_9_24 -1
 x_12 gap_9_25 -1
 x_12 gap_9_26 -1
 x_12 gap_9_27 -1
 x_12 gap_9_28 -1
 x_12 gap_9_29 -1
 x_12 gap_10_14 -1
 x_12 gap_10_15 -1
 x_12 gap_10_16 -1
 x_12 gap_10_17 -1
 x_12 gap_10_18 -1
 x_12 gap_10_19 -1
 x_12 gap_10_20 -1
 x_12 gap_10_21 -1
 x_12 gap_10_22 -1
 x_12 gap_10_23 -1
 x_12 gap_10_24 -1
 x_12 gap_10_25 -1
 x_12 gap_10_26 -1
 x_12 gap_10_27 -1
 x_12 gap_10_28 -1
 x_12 gap_10_29 -1
 x_12 gap_11_15 -1
 x_12 gap_11_16 -1
 x_12 gap_11_17 -1
 x_12 gap_11_18 -1
 x_12 gap_11_19 -1
 x_12 gap_11_20 -1
 x_12 gap_11_21 -1
 x_12 gap_11_22 -1
 x_12 gap_11_23 -1
 x_12 gap_11_24 -1
 x_12 gap_11_25 -1
 x_12 gap_11_26 -1
 x_12 gap_11_27 -1
 x_12 gap_11_28 -1
 x_12 gap_11_29 -1
 x_12 gap_12_16 1
 x_12 gap_12_17 1
 x_12 gap_12_18 1
 x_12 gap_12_19 1
 x_12 gap_12_20 1
 x_12 gap_12_21 1
 x_12 gap_12_22 1
 x_12 gap_12_23 1
 x_12 gap_12_24 1
 x_12 gap_12_25 1
 x_12 gap_12_26 1
 x_12 gap_12_27 1
 x_12 gap_12_28 1
 x_12 gap_12_29 1
 x_13 obj 170
 x_13 weight 6
 x_13 gap_0_13 1
 x_13 gap_1_13 1
 x_13 gap_2_13 1
 x_13 gap_3_13 1
 x_13 gap_4_13 1
 x_13 gap_5_13 1
 x_13 gap_6_13 1
 x_13 gap_7_13 1
 x_13 gap_8_13 1
 x_13 gap_9_13 1
 x_13 gap_10_14 -1
 x_13 gap_10_15 -1
 x_13 gap_10_16 -1
 x_13 gap_10_17 -1
 x_13 gap_10_18 -1
 x_13 gap_10_19 -1
 x_13 gap_10_20 -1
 x_13 gap_10_21 -1
 x_13 gap_10_22 -1
 x_13 gap_10_23 -1
 x_13 gap_10_24 -1
 x_13 gap_10_25 -1
 x_13 gap_10_26 -1
 x_13 gap_10_27 -1
 x_13 gap_10_28 -1
 x_13 gap_10_29 -1
 x_13 gap_11_15 -1
 x_13 gap_11_16 -1
 x_13 gap_11_17 -1
 x_13 gap_11_18 -1
 x_13 gap_11_19 -1
 x_13 gap_11_20 -1
 x_13 gap_11_21 -1
 x_13 gap_11_22 -1
 x_13 gap_11_23 -1
 x_13 gap_11_24 -1
 x_13 gap_11_25 -1
 x_13 gap_11_26 -1
 x_13 gap_11_27 -1
 x_13 gap_11_28 -1
 x_13 gap_11_29 -1
 x_13 gap_12_16 -1
 x_13 gap_12_17 -1
 x_13 gap_12_18 -1
 x_13 gap_12_19 -1
 x_13 gap_12_20 -1
 x_13 gap_12_21 -1
 x_13 gap_12_22 -1
 x_13 gap_12_23 -1
 x_13 gap_12_24 -1
 x_13 gap_12_25 -1
 x_13 gap_12_26 -1
 x_13 gap_12_27 -1
 x_13 gap_12_28 -1
 x_13 gap_12_29 -1
 x_13 gap_13_17 1
 x_13 gap_13_18 1
 x_13 gap_13_19 1
 x_13 gap_13_20 1
 x_13 gap_13_21 1
 x_13 gap_13_22 1
 x_13 gap_13_23 1
 x_13 gap_13_24 1
 x_13 gap_13_25 1
 x_13 gap_13_26 1
 x_13 gap_13_27 1
 x_13 gap_13_28 1
 x_13 gap_13_29 1
 x_14 obj 163
 x_14 weight 5
 x_14 gap_0_14 1
 x_14 gap_1_14 1
 x_14 gap_2_14 1
 x_14 gap_3_14 1
 x_14 gap_4_14 1
 x_14 gap_5_14 1
 x_14 gap_6_14 1
 x_14 gap_7_14 1
 x_14 gap_8_14 1
 x_14 gap_9_14 1
 x_14 gap_10_14 1
 x_14 gap_11_15 -1
 x_14 gap_11_16 -1
 x_14 gap_11_17 -1
 x_14 gap_11_18 -1
 x_14 gap_11_19 -1
 x_14 gap_11_20 -1
 x_14 gap_11_21 -1
 x_14 gap_11_22 -1
 x_14 gap_11_23 -1
 x_14 gap_11_24 -1
 x_14 gap_11_25 -1
 x_14 gap_11_26 -1
 x_14 gap_11_27 -1
 x_14 gap_11_28 -1
 x_14 gap_11_29 -1
 x_14 gap_12_16 -1
 x_14 gap_12_17 -1
 x_14 gap_12_18 -1
 x_14 gap_12_19 -1
 x_14 gap_12_20 -1
 x_14 gap_12_21 -1
 x_14 gap_12_22 -1
 x_14 gap_12_23 -1
 x_14 gap_12_24 -1
 x_14 gap_12_25 -1
 x_14 gap_12_26 -1
 x_14 gap_12_27 -1
 x_14 gap_12_28 -1
 x_14 gap_12_29 -1
 x_14 gap_13_17 -1
 x_14 gap_13_18 -1
 x_14 gap_13_19 -1
 x_14 gap_13_20 -1
 x_14 gap_13_21 -1
 x_14 gap_13_22 -1
 x_14 gap_13_23 -1
 x_14 gap_13_24 -1
 x_14 gap_13_25 -1
 x_14 gap_13_26 -1
 x_14 gap_13_27 -1
 x_14 gap_13_28 -1
 x_14 gap_13_29 -1
 x_14 gap_14_18 1
 x_14 gap_14_19 1
 x_14 gap_14_20 1
 x_14 gap_14_21 1
 x_14 gap_14_22 1
 x_14 gap_14_23 1
 x_14 gap_14_24 1
 x_14 gap_14_25 1
 x_14 gap_14_26 1
 x_14 gap_14_27 1
 x_14 gap_14_28 1
 x_14 gap_14_29 1
 x_15 obj 131
 x_15 weight 1
 x_15 gap_0_15 1
 x_15 gap_1_15 1
 x_15 gap_2_15 1
 x_15 gap_3_15 1
 x_15 gap_4_15 1
 x_15 gap_5_15 1
 x_15 gap_6_15 1
 x_15 gap_7_15 1
 x_15 gap_8_15 1
 x_15 gap_9_15 1
 x_15 gap_10_15 1
 x_15 gap_11_15 1
 x_15 gap_12_16 -1
 x_15 gap_12_17 -1
 x_15 gap_12_18 -1
 x_15 gap_12_19 -1
 x_15 gap_12_20 -1
 x_15 gap_12_21 -1
 x_15 gap_12_22 -1
 x_15 gap_12_23 -1
 x_15 gap_12_24 -1
 x_15 gap_12_25 -1
 x_15 gap_12_26 -1
 x_15 gap_12_27 -1
 x_15 gap_12_28 -1
 x_15 gap_12_29 -1
 x_15 gap_13_17 -1
 x_15 gap_13_18 -1
 x_15 gap_13_19 -1
 x_15 gap_13_20 -1
 x_15 gap_13_21 -1
 x_15 gap_13_22 -1
 x_15 gap_13_23 -1
 x_15 gap_13_24 -1
 x_15 gap_13_25 -1
 x_15 gap_13_26 -1
 x_15 gap_13_27 -1
 x_15 gap_13_28 -1
 x_15 gap_13_29 -1
 x_15 gap_14_18 -1
 x_15 gap_14_19 -1
 x_15 gap_14_20 -1
 x_15 gap_14_21 -1
 x_15 gap_14_22 -1
 x_15 gap_14_23 -1
 x_15 gap_14_24 -1
 x_15 gap_14_25 -1
 x_15 gap_14_26 -1
 x_15 gap_14_27 -1
 x_15 gap_14_28 -1
 x_15 gap_14_29 -1
 x_15 gap_15_19 1
 x_15 gap_15_20 1
 x_15 gap_15_21 1
 x_15 gap_15_22 1
 x_15 gap_15_23 1
 x_15 gap_15_24 1
 x_15 gap_15_25 1
 x_15 gap_15_26 1
 x_15 gap_15_27 1
 x_15 gap_15_28 1
 x_15 gap_15_29 1
 x_16 obj 138
 x_16 weight 1
 x_16 gap_0_16 1
 x_16 gap_1_16 1
 x_16 gap_2_16 1
 x_16 gap_3_16 1
 x_16 gap_4_16 1
 x_16 gap_5_16 1
 x_16 gap_6_16 1
 x_16 gap_7_16 1
 x_16 gap_8_16 1
 x_16 gap_9_16 1
 x_16 gap_10_16 1
 x_16 gap_11_16 1
 x_16 gap_12_16 1
 x_16 gap_13_17 -1
 x_16 gap_13_18 -1
 x_16 gap_13_19 -1
 x_16 gap_13_20 -1
 x_16 gap_13_21 -1
 x_16 gap_13_22 -1
 x_16 gap_13_23 -1
 x_16 gap_13_24 -1
 x_16 gap_13_25 -1
 x_16 gap_13_26 -1
 x_16 gap_13_27 -1
 x_16 gap_13_28 -1
 x_16 gap_13_29 -1
 x_16 gap_14_18 -1
 x_16 gap_14_19 -1
 x_16 gap_14_20 -1
 x_16 gap_14_21 -1
 x_16 gap_14_22 -1
 x_16 gap_14_23 -1
 x_16 gap_14_24 -1
 x_16 gap_14_25 -1
 x_16 gap_14_26 -1
 x_16 gap_14_27 -1
 x_16 gap_14_28 -1
 x_16 gap_14_29 -1
 x_16 gap_15_19 -1
 x_16 gap_15_20 -1
 x_16 gap_15_21 -1
 x_16 gap_15_22 -1
 x_16 gap_15_23 -1
 x_16 gap_15_24 -1
 x_16 gap_15_25 -1
 x_16 gap_15_26 -1
 x_16 gap_15_27 -1
 x_16 gap_15_28 -1
 x_16 gap_15_29 -1
 x_16 gap_16_20 1
 x_16 gap_16_21 1
 x_16 gap_16_22 1
 x_16 gap_16_23 1
 x_16 gap_16_24 1
 x_16 gap_16_25 1
 x_16 gap_16_26 1
 x_16 gap_16_27 1
 x_16 gap_16_28 1
 x_16 gap_16_29 1
 x_17 obj 187
 x_17 weight 8
 x_17 gap_0_17 1
 x_17 gap_1_17 1
 x_17 gap_2_17 1
 x_17 gap_3_17 1
 x_17 gap_4_17 1
 x_17 gap_5_17 1
 x_17 gap_6_17 1
 x_17 gap_7_17 1
 x_17 gap_8_17 1
 x_17 gap_9_17 1
 x_17 gap_10_17 1
 x_17 gap_11_17 1
 x_17 gap_12_17 1
 x_17 gap_13_17 1
 x_17 gap_14_18 -1
 x_17 gap_14_19 -1
 x_17 gap_14_20 -1
 x_17 gap_14_21 -1
 x_17 gap_14_22 -1
 x_17 gap_14_23 -1
 x_17 gap_14_24 -1
 x_17 gap_14_25 -1
 x_17 gap_14_26 -1
 x_17 gap_14_27 -1
 x_17 gap_14_28 -1
 x_17 gap_14_29 -1
 x_17 gap_15_19 -1
 x_17 gap_15_20 -1
 x_17 gap_15_21 -1
 x_17 gap_15_22 -1
 x_17 gap_15_23 -1
 x_17 gap_15_24 -1
 x_17 gap_15_25 -1
 x_17 gap_15_26 -1
 x_17 gap_15_27 -1
 x_17 gap_15_28 -1
 x_17 gap_15_29 -1
 x_17 gap_16_20 -1
 x_17 gap_16_21 -1
 x_17 gap_16_22 -1
 x_17 gap_16_23 -1
 x_17 gap_16_24 -1
 x_17 gap_16_25 -1
 x_17 gap_16_26 -1
 x_17 gap_16_27 -1
 x_17 gap_16_28 -1
 x_17 gap_16_29 -1
 x_17 gap_17_21 1
 x_17 gap_17_22 1
 x_17 gap_17_23 1
 x_17 gap_17_24 1
 x_17 gap_17_25 1
 x_17 gap_17_26 1
 x_17 gap_17_27 1
 x_17 gap_17_28 1
 x_17 gap_17_29 1
 x_18 obj 182
 x_18 weight 7
 x_18 gap_0_18 1
 x_18 gap_1_18 1
 x_18 gap_2_18 1
 x_18 gap_3_18 1
 x_18 gap_4_18 1
 x_18 gap_5_18 1
 x_18 gap_6_18 1
 x_18 gap_7_18 1
 x_18 gap_8_18 1
 x_18 gap_9_18 1
 x_18 gap_10_18 1
 x_18 gap_11_18 1
 x_18 gap_12_18 1
 x_18 gap_13_18 1
 x_18 gap_14_18 1
 x_18 gap_15_19 -1
 x_18 gap_15_20 -1
 x_18 gap_15_21 -1
 x_18 gap_15_22 -1
 x_18 gap_15_23 -1
 x_18 gap_15_24 -1
 x_18 gap_15_25 -1
 x_18 gap_15_26 -1
 x_18 gap_15_27 -1
 x_18 gap_15_28 -1
 x_18 gap_15_29 -1
 x_18 gap_16_20 -1
 x_18 gap_16_21 -1
 x_18 gap_16_22 -1
 x_18 gap_16_23 -1
 x_18 gap_16_24 -1
 x_18 gap_16_25 -1
 x_18 gap_16_26 -1
 x_18 gap_16_27 -1
 x_18 gap_16_28 -1
 x_18 gap_16_29 -1
 x_18 gap_17_21 -1
 x_18 gap_17_22 -1
 x_18 gap_17_23 -1
 x_18 gap_17_24 -1
 x_18 gap_17_25 -1
 x_18 gap_17_26 -1
 x_18 gap_17_27 -1
 x_18 gap_17_28 -1
 x_18 gap_17_29 -1
 x_18 gap_18_22 1
 x_18 gap_18_23 1
 x_18 gap_18_24 1
 x_18 gap_18_25 1
 x_18 gap_18_26 1
 x_18 gap_18_27 1
 x_18 gap_18_28 1
 x_18 gap_18_29 1
 x_19 obj 181
 x_19 weight 8
 x_19 gap_0_19 1
 x_19 gap_1_19 1
 x_19 gap_2_19 1
 x_19 gap_3_19 1
 x_19 gap_4_19 1
 x_19 gap_5_19 1
 x_19 gap_6_19 1
 x_19 gap_7_19 1
 x_19 gap_8_19 1
 x_19 gap_9_19 1
 x_19 gap_10_19 1
 x_19 gap_11_19 1
 x_19 gap_12_19 1
 x_19 gap_13_19 1
 x_19 gap_14_19 1
 x_19 gap_15_19 1
 x_19 gap_16_20 -1
 x_19 gap_16_21 -1
 x_19 gap_16_22 -1
 x_19 gap_16_23 -1
 x_19 gap_16_24 -1
 x_19 gap_16_25 -1
 x_19 gap_16_26 -1
 x_19 gap_16_27 -1
 x_19 gap_16_28 -1
 x_19 gap_16_29 -1
 x_19 gap_17_21 -1
 x_19 gap_17_22 -1
 x_19 gap_17_23 -1
 x_19 gap_17_24 -1
 x_19 gap_17_25 -1
 x_19 gap_17_26 -1
 x_19 gap_17_27 -1
 x_19 gap_17_28 -1
 x_19 gap_17_29 -1
 x_19 gap_18_22 -1
 x_19 gap_18_23 -1
 x_19 gap_18_24 -1
 x_19 gap_18_25 -1
 x_19 gap_18_26 -1
 x_19 gap_18_27 -1
 x_19 gap_18_28 -1
 x_19 gap_18_29 -1
 x_19 gap_19_23 1
 x_19 gap_19_24 1
 x_19 gap_19_25 1
 x_19 gap_19_26 1
 x_19 gap_19_27 1
 x_19 gap_19_28 1
 x_19 gap_19_29 1
 x_20 obj 165
 x_20 weight 5
 x_20 gap_0_20 1
 x_20 gap_1_20 1
 x_20 gap_2_20 1
 x_20 gap_3_20 1
 x_20 gap_4_20 1
 x_20 gap_5_20 1
 x_20 gap_6_20 1
 x_20 gap_7_20 1
 x_20 gap_8_20 1
 x_20 gap_9_20 1
 x_20 gap_10_20 1
 x_20 gap_11_20 1
 x_20 gap_12_20 1
 x_20 gap_13_20 1
 x_20 gap_14_20 1
 x_20 gap_15_20 1
 x_20 gap_16_20 1
 x_20 gap_17_21 -1
 x_20 gap_17_22 -1
 x_20 gap_17_23 -1
 x_20 gap_17_24 -1
 x_20 gap_17_25 -1
 x_20 gap_17_26 -1
 x_20 gap_17_27 -1
 x_20 gap_17_28 -1
 x_20 gap_17_29 -1
 x_20 gap_18_22 -1
 x_20 gap_18_23 -1
 x_20 gap_18_24 -1
 x_20 gap_18_25 -1
 x_20 gap_18_26 -1
 x_20 gap_18_27 -1
 x_20 gap_18_28 -1
 x_20 gap_18_29 -1
 x_20 gap_19_23 -1
 x_20 gap_19_24 -1
 x_20 gap_19_25 -1
 x_20 gap_19_26 -1
 x_20 gap_19_27 -1
 x_20 gap_19_28 -1
 x_20 gap_19_29 -1
 x_20 gap_20_24 1
 x_20 gap_20_25 1
 x_20 gap_20_26 1
 x_20 gap_20_27 1
 x_20 gap_20_28 1
 x_20 gap_20_29 1
 x_21 obj 183
 x_21 weight 8
 x_21 gap_0_21 1
 x_21 gap_1_21 1
 x_21 gap_2_21 1
 x_21 gap_3_21 1
 x_21 gap_4_21 1
 x_21 gap_5_21 1
 x_21 gap_6_21 1
 x_21 gap_7_21 1
 x_21 gap_8_21 1
 x_21 gap_9_21 1
 x_21 gap_10_21 1
 x_21 gap_11_21 1
 x_21 gap_12_21 1
 x_21 gap_13_21 1
 x_21 gap_14_21 1
 x_21 gap_15_21 1
 x_21 gap_16_21 1
 x_21 gap_17_21 1
 x_21 gap_18_22 -1
 x_21 gap_18_23 -1
 x_21 gap_18_24 -1
 x_21 gap_18_25 -1
 x_21 gap_18_26 -1
 x_21 gap_18_27 -1
 x_21 gap_18_28 -1
 x_21 gap_18_29 -1
 x_21 gap_19_23 -1
 x_21 gap_19_24 -1
 x_21 gap_19_25 -1
 x_21 gap_19_26 -1
 x_21 gap_19_27 -1
 x_21 gap_19_28 -1
 x_21 gap_19_29 -1
 x_21 gap_20_24 -1
 x_21 gap_20_25 -1
 x_21 gap_20_26 -1
 x_21 gap_20_27 -1
 x_21 gap_20_28 -1
 x_21 gap_20_29 -1
 x_21 gap_21_25 1
 x_21 gap_21_26 1
 x_21 gap_21_27 1
 x_21 gap_21_28 1
 x_21 gap_21_29 1
 x_22 obj 149
 x_22 weight 3
 x_22 gap_0_22 1
 x_22 gap_1_22 1
 x_22 gap_2_22 1
 x_22 gap_3_22 1
 x_22 gap_4_22 1
 x_22 gap_5_22 1
 x_22 gap_6_22 1
 x_22 gap_7_22 1
 x_22 gap_8_22 1
 x_22 gap_9_22 1
 x_22 gap_10_22 1
 x_22 gap_11_22 1
 x_22 gap_12_22 1
 x_22 gap_13_22 1
 x_22 gap_14_22 1
 x_22 gap_15_22 1
 x_22 gap_16_22 1
 x_22 gap_17_22 1
 x_22 gap_18_22 1
 x_22 gap_19_23 -1
 x_22 gap_19_24 -1
 x_22 gap_19_25 -1
 x_22 gap_19_26 -1
 x_22 gap_19_27 -1
 x_22 gap_19_28 -1
 x_22 gap_19_29 -1
 x_22 gap_20_24 -1
 x_22 gap_20_25 -1
 x_22 gap_20_26 -1
 x_22 gap_20_27 -1
 x_22 gap_20_28 -1
 x_22 gap_20_29 -1
 x_22 gap_21_25 -1
 x_22 gap_21_26 -1
 x_22 gap_21_27 -1
 x_22 gap_21_28 -1
 x_22 gap_21_29 -1
 x_22 gap_22_26 1
 x_22 gap_22_27 1
 x_22 gap_22_28 1
 x_22 gap_22_29 1
 x_23 obj 167
 x_23 weight 5
 x_23 gap_0_23 1
 x_23 gap_1_23 1
 x_23 gap_2_23 1
 x_23 gap_3_23 1
 x_23 gap_4_23 1
 x_23 gap_5_23 1
 x_23 gap_6_23 1
 x_23 gap_7_23 1
 x_23 gap_8_23 1
 x_23 gap_9_23 1
 x_23 gap_10_23 1
 x_23 gap_11_23 1
 x_23 gap_12_23 1
 x_23 gap_13_23 1
 x_23 gap_14_23 1
 x_23 gap_15_23 1
 x_23 gap_16_23 1
 x_23 gap_17_23 1
 x_23 gap_18_23 1
 x_23 gap_19_23 1
 x_23 gap_20_24 -1
 x_23 gap_20_25 -1
 x_23 gap_20_26 -1
 x_23 gap_20_27 -1
 x_23 gap_20_28 -1
 x_23 gap_20_29 -1
 x_23 gap_21_25 -1
 x_23 gap_21_26 -1
 x_23 gap_21_27 -1
 x_23 gap_21_28 -1
 x_23 gap_21_29 -1
 x_23 gap_22_26 -1
 x_23 gap_22_27 -1
 x_23 gap_22_28 -1
 x_23 gap_22_29 -1
 x_23 gap_23_27 1
 x_23 gap_23_28 1
 x_23 gap_23_29 1
 x_24 obj 183
 x_24 weight 8
 x_24 gap_0_24 1
 x_24 gap_1_24 1
 x_24 gap_2_24 1
 x_24 gap_3_24 1
 x_24 gap_4_24 1
 x_24 gap_5_24 1
 x_24 gap_6_24 1
 x_24 gap_7_24 1
 x_24 gap_8_24 1
 x_24 gap_9_24 1
 x_24 gap_10_24 1
 x_24 gap_11_24 1
 x_24 gap_12_24 1
 x_24 gap_13_24 1
 x_24 gap_14_24 1
 x_24 gap_15_24 1
 x_24 gap_16_24 1
 x_24 gap_17_24 1
 x_24 gap_18_24 1
 x_24 gap_19_24 1
 x_24 gap_20_24 1
 x_24 gap_21_25 -1
 x_24 gap_21_26 -1
 x_24 gap_21_27 -1
 x_24 gap_21_28 -1
 x_24 gap_21_29 -1
 x_24 gap_22_26 -1
 x_24 gap_22_27 -1
 x_24 gap_22_28 -1
 x_24 gap_22_29 -1
 x_24 gap_23_27 -1
 x_24 gap_23_28 -1
 x_24 gap_23_29 -1
 x_24 gap_24_28 1
 x_24 gap_24_29 1
 x_25 obj 143
 x_25 weight 2
 x_25 gap_0_25 1
 x_25 gap_1_25 1
 x_25 gap_2_25 1
 x_25 gap_3_25 1
 x_25 gap_4_25 1
 x_25 gap_5_25 1
 x_25 gap_6_25 1
 x_25 gap_7_25 1
 x_25 gap_8_25 1
 x_25 gap_9_25 1
 x_25 gap_10_25 1
 x_25 gap_11_25 1
 x_25 gap_12_25 1
 x_25 gap_13_25 1
 x_25 gap_14_25 1
 x_25 gap_15_25 1
 x_25 gap_16_25 1
 x_25 gap_17_25 1
 x_25 gap_18_25 1
 x_25 gap_19_25 1
 x_25 gap_20_25 1
 x_25 gap_21_25 1
 x_25 gap_22_26 -1
 x_25 gap_22_27 -1
 x_25 gap_22_28 -1
 x_25 gap_22_29 -1
 x_25 gap_23_27 -1
 x_25 gap_23_28 -1
 x_25 gap_23_29 -1
 x_25 gap_24_28 -1
 x_25 gap_24_29 -1
 x_25 gap_25_29 1
 x_26 obj 146
 x_26 weight 3
 x_26 gap_0_26 1
 x_26 gap_1_26 1
 x_26 gap_2_26 1
 x_26 gap_3_26 1
 x_26 gap_4_26 1
 x_26 gap_5_26 1
 x_26 gap_6_26 1
 x_26 gap_7_26 1
 x_26 gap_8_26 1
 x_26 gap_9_26 1
 x_26 gap_10_26 1
 x_26 gap_11_26 1
 x_26 gap_12_26 1
 x_26 gap_13_26 1
 x_26 gap_14_26 1
 x_26 gap_15_26 1
 x_26 gap_16_26 1
 x_26 gap_17_26 1
 x_26 gap_18_26 1
 x_26 gap_19_26 1
 x_26 gap_20_26 1
 x_26 gap_21_26 1
 x_26 gap_22_26 1
 x_26 gap_23_27 -1
 x_26 gap_23_28 -1
 x_26 gap_23_29 -1
 x_26 gap_24_28 -1
 x_26 gap_24_29 -1
 x_26 gap_25_29 -1
 x_27 obj 139
 x_27 weight 2
 x_27 gap_0_27 1
 x_27 gap_1_27 1
 x_27 gap_2_27 1
 x_27 gap_3_27 1
 x_27 gap_4_27 1
 x_27 gap_5_27 1
 x_27 gap_6_27 1
 x_27 gap_7_27 1
 x_27 gap_8_27 1
 x_27 gap_9_27 1
 x_27 gap_10_27 1
 x_27 gap_11_27 1
 x_27 gap_12_27 1
 x_27 gap_13_27 1
 x_27 gap_14_27 1
 x_27 gap_15_27 1
 x_27 gap_16_27 1
 x_27 gap_17_27 1
 x_27 gap_18_27 1
 x_27 gap_19_27 1
 x_27 gap_20_27 1
 x_27 gap_21_27 1
 x_27 gap_22_27 1
 x_27 gap_23_27 1
 x_27 gap_24_28 -1
 x_27 gap_24_29 -1
 x_27 gap_25_29 -1
 x_28 obj 167
 x_28 weight 5
 x_28 gap_0_28 1
 x_28 gap_1_28 1
 x_28 gap_2_28 1
 x_28 gap_3_28 1
 x_28 gap_4_28 1
 x_28 gap_5_28 1
 x_28 gap_6_28 1
 x_28 gap_7_28 1
 x_28 gap_8_28 1
 x_28 gap_9_28 1
 x_28 gap_10_28 1
 x_28 gap_11_28 1
 x_28 gap_12_28 1
 x_28 gap_13_28 1
 x_28 gap_14_28 1
 x_28 gap_15_28 1
 x_28 gap_16_28 1
 x_28 gap_17_28 1
 x_28 gap_18_28 1
 x_28 gap_19_28 1
 x_28 gap_20_28 1
 x_28 gap_21_28 1
 x_28 gap_22_28 1
 x_28 gap_23_28 1
 x_28 gap_24_28 1
 x_28 gap_25_29 -1
 x_29 obj 600
 x_29 weight 100
 x_29 gap_0_29 1
 x_29 gap_1_29 1
 x_29 gap_2_29 1
 x_29 gap_3_29 1
 x_29 gap_4_29 1
 x_29 gap_5_29 1
 x_29 gap_6_29 1
 x_29 gap_7_29 1
 x_29 gap_8_29 1
 x_29 gap_9_29 1
 x_29 gap_10_29 1
 x_29 gap_11_29 1
 x_29 gap_12_29 1
 x_29 gap_13_29 1
 x_29 gap_14_29 1
 x_29 gap_15_29 1
 x_29 gap_16_29 1
 x_29 gap_17_29 1
 x_29 gap_18_29 1
 x_29 gap_19_29 1
 x_29 gap_20_29 1
 x_29 gap_21_29 1
 x_29 gap_22_29 1
 x_29 gap_23_29 1
 x_29 gap_24_29 1
 x_29 gap_25_29 1
 MARKER 'MARKER' 'INTEND'
RHS
 RHS weight 62
 RHS gap_0_4 1
 RHS gap_0_5 1
 RHS gap_0_6 1
 RHS gap_0_7 1
 RHS gap_0_8 1
 RHS gap_0_9 1
 RHS gap_0_10 1
 RHS gap_0_11 1
 RHS gap_0_12 1
 RHS gap_0_13 1
 RHS gap_0_14 1
 RHS gap_0_15 1
 RHS gap_0_16 1
 RHS gap_0_17 1
 RHS gap_0_18 1
 RHS gap_0_19 1
 RHS gap_0_20 1
 RHS gap_0_21 1
 RHS gap_0_22 1
 RHS gap_0_23 1
 RHS gap_0_24 1
 RHS gap_0_25 1
 RHS gap_0_26 1
 RHS gap_0_27 1
 RHS gap_0_28 1
 RHS gap_0_29 1
 RHS gap_1_5 1
 RHS gap_1_6 1
 RHS gap_1_7 1
 RHS gap_1_8 1
 RHS gap_1_9 1
 RHS gap_1_10 1
 RHS gap_1_11 1
 RHS gap_1_12 1
 RHS gap_1_13 1
 RHS gap_1_14 1
 RHS gap_1_15 1
 RHS gap_1_16 1
 RHS gap_1_17 1
 RHS gap_1_18 1
 RHS gap_1_19 1
 RHS gap_1_20 1
 RHS gap_1_21 1
 RHS gap_1_22 1
 RHS gap_1_23 1
 RHS gap_1_24 1
 RHS gap_1_25 1
 RHS gap_1_26 1
 RHS gap_1_27 1
 RHS gap_1_28 1
 RHS gap_1_29 1
 RHS gap_2_6 1
 RHS gap_2_7 1
 RHS gap_2_8 1
 RHS gap_2_9 1
 RHS gap_2_10 1
 RHS gap_2_11 1
 RHS gap_2_12 1
 RHS gap_2_13 1
 RHS gap_2_14 1
 RHS gap_2_15 1
 RHS gap_2_16 1
 RHS gap_2_17 1
 RHS gap_2_18 1
 RHS gap_2_19 1
 RHS gap_2_20 1
 RHS gap_2_21 1
 RHS gap_2_22 1
 RHS gap_2_23 1
 RHS gap_2_24 1
 RHS gap_2_25 1
 RHS gap_2_26 1
 RHS gap_2_27 1
 RHS gap_2_28 1
 RHS gap_2_29 1
 RHS gap_3_7 1
 RHS gap_3_8 1
 RHS gap_3_9 1
 RHS gap_3_10 1
 RHS gap_3_11 1
 RHS gap_3_12 1
 RHS gap_3_13 1
 RHS gap_3_14 1
 RHS gap_3_15 1
 RHS gap_3_16 1
 RHS gap_3_17 1
 RHS gap_3_18 1
 RHS gap_3_19 1
 RHS gap_3_20 1
 RHS gap_3_21 1
 RHS gap_3_22 1
 RHS gap_3_23 1
 RHS gap_3_24 1
 RHS gap_3_25 1
 RHS gap_3_26 1
 RHS gap_3_27 1
 RHS gap_3_28 1
 RHS gap_3_29 1
 RHS gap_4_8 1
 RHS gap_4_9 1
 RHS gap_4_10 1
 RHS gap_4_11 1
 RHS gap_4_12 1
 RHS gap_4_13 1
 RHS gap_4_14 1
 RHS gap_4_15 1
 RHS gap_4_16 1
 RHS gap_4_17 1
 RHS gap_4_18 1
 RHS gap_4_19 1
 RHS gap_4_20 1
 RHS gap_4_21 1
 RHS gap_4_22 1
 RHS gap_4_23 1
 RHS gap_4_24 1
 RHS gap_4_25 1
 RHS gap_4_26 1
 RHS gap_4_27 1
 RHS gap_4_28 1
 RHS gap_4_29 1
 RHS gap_5_9 1
 RHS gap_5_10 1
 RHS gap_5_11 1
 RHS gap_5_12 1
 RHS gap_5_13 1
 RHS gap_5_14 1
 RHS gap_5_15 1
 RHS gap_5_16 1
 RHS gap_5_17 1
 RHS gap_5_18 1
 RHS gap_5_19 1
 RHS gap_5_20 1
 RHS gap_5_21 1
 RHS gap_5_22 1
 RHS gap_5_23 1
 RHS gap_5_24 1
 RHS gap_5_25 1
 RHS gap_5_26 1
 RHS gap_5_27 1
 RHS gap_5_28 1
 RHS gap_5_29 1
 RHS gap_6_10 1
 RHS gap_6_11 1
 RHS gap_6_12 1
 RHS gap_6_13 1
 RHS gap_6_14 1
 RHS gap_6_15 1
 RHS gap_6_16 1
 RHS gap_6_17 1
 RHS gap_6_18 1
 RHS gap_6_19 1
 RHS gap_6_20 1
 RHS gap_6_21 1
 RHS gap_6_22 1
 RHS gap_6_23 1
 RHS gap_6_24 1
 RHS gap_6_25 1
 RHS gap_6_26 1
 RHS gap_6_27 1
 RHS gap_6_28 1
 RHS gap_6_29 1
 RHS gap_7_11 1
 RHS gap_7_12 1
 RHS gap_7_13 1
 RHS gap_7_14 1
 RHS gap_7_15 1
 RHS gap_7_16 1
 RHS gap_7_17 1
 RHS gap_7_18 1
 RHS gap_7_19 1
 RHS gap_7_20 1
 RHS gap_7_21 1
 RHS gap_7_22 1
 RHS gap_7_23 1
 RHS gap_7_24 1
 RHS gap_7_25 1
 RHS gap_7_26 1
 RHS gap_7_27 1
 RHS gap_7_28 1
 RHS gap_7_29 1
 RHS gap_8_12 1
 RHS gap_8_13 1
 RHS gap_8_14 1
 RHS gap_8_15 1
 RHS gap_8_16 1
 RHS gap_8_17 1
 RHS gap_8_18 1
 RHS gap_8_19 1
 RHS gap_8_20 1
 RHS gap_8_21 1
 RHS gap_8_22 1
 RHS gap_8_23 1
 RHS gap_8_24 1
 RHS gap_8_25 1
 RHS gap_8_26 1
 RHS gap_8_27 1
 RHS gap_8_28 1
 RHS gap_8_29 1
 RHS gap_9_13 1
 RHS gap_9_14 1
 RHS gap_9_15 1
 RHS gap_9_16 1
 RHS gap_9_17 1
 RHS gap_9_18 1
 RHS gap_9_19 1
 RHS gap_9_20 1
 RHS gap_9_21 1
 RHS gap_9_22 1
 RHS gap_9_23 1
 RHS gap_9_24 1
 RHS gap_9_25 1
 RHS gap_9_26 1
 RHS gap_9_27 1
 RHS gap_9_28 1
 RHS gap_9_29 1
 RHS gap_10_14 1
 RHS gap_10_15 1
 RHS gap_10_16 1
 RHS gap_10_17 1
 RHS gap_10_18 1
 RHS gap_10_19 1
 RHS gap_10_20 1
 RHS gap_10_21 1
 RHS gap_10_22 1
 RHS gap_10_23 1
 RHS gap_10_24 1
 RHS gap_10_25 1
 RHS gap_10_26 1
 RHS gap_10_27 1
 RHS gap_10_28 1
 RHS gap_10_29 1
 RHS gap_11_15 1
 RHS gap_11_16 1
 RHS gap_11_17 1
 RHS gap_11_18 1
 RHS gap_11_19 1
 RHS gap_11_20 1
 RHS gap_11_21 1
 RHS gap_11_22 1
 RHS gap_11_23 1
 RHS gap_11_24 1
 RHS gap_11_25 1
 RHS gap_11_26 1
 RHS gap_11_27 1
 RHS gap_11_28 1
 RHS gap_11_29 1
 RHS gap_12_16 1
 RHS gap_12_17 1
 RHS gap_12_18 1
 RHS gap_12_19 1
 RHS gap_12_20 1
 RHS gap_12_21 1
 RHS gap_12_22 1
 RHS gap_12_23 1
 RHS gap_12_24 1
 RHS gap_12_25 1
 RHS gap_12_26 1
 RHS gap_12_27 1
 RHS gap_12_28 1
 RHS gap_12_29 1
 RHS gap_13_17 1
 RHS gap_13_18 1
 RHS gap_13_19 1
 RHS gap_13_20 1
 RHS gap_13_21 1
 RHS gap_13_22 1
 RHS gap_13_23 1
 RHS gap_13_24 1
 RHS gap_13_25 1
 RHS gap_13_26 1
 RHS gap_13_27 1
 RHS gap_13_28 1
 RHS gap_13_29 1
 RHS gap_14_18 1
 RHS gap_14_19 1
 RHS gap_14_20 1
 RHS gap_14_21 1
 RHS gap_14_22 1
 RHS gap_14_23 1
 RHS gap_14_24 1
 RHS gap_14_25 1
 RHS gap_14_26 1
 RHS gap_14_27 1
 RHS gap_14_28 1
 RHS gap_14_29 1
 RHS gap_15_19 1
 RHS gap_15_20 1
 RHS gap_15_21 1
 RHS gap_15_22 1
 RHS gap_15_23 1
 RHS gap_15_24 1
 RHS gap_15_25 1
 RHS gap_15_26 1
 RHS gap_15_27 1
 RHS gap_15_28 1
 RHS gap_15_29 1
 RHS gap_16_20 1
 RHS gap_16_21 1
 RHS gap_16_22 1
 RHS gap_16_23 1
 RHS gap_16_24 1
 RHS gap_16_25 1
 RHS gap_16_26 1
 RHS gap_16_27 1
 RHS gap_16_28 1
 RHS gap_16_29 1
 RHS gap_17_21 1
 RHS gap_17_22 1
 RHS gap_17_23 1
 RHS gap_17_24 1
 RHS gap_17_25 1
 RHS gap_17_26 1
 RHS gap_17_27 1
 RHS gap_17_28 1
 RHS gap_17_29 1
 RHS gap_18_22 1
 RHS gap_18_23 1
 RHS gap_18_24 1
 RHS gap_18_25 1
 RHS gap_18_26 1
 RHS gap_18_27 1
 RHS gap_18_28 1
 RHS gap_18_29 1
 RHS gap_19_23 1
 RHS gap_19_24 1
 RHS gap_19_25 1
 RHS gap_19_26 1
 RHS gap_19_27 1
 RHS gap_19_28 1
 RHS gap_19_29 1
 RHS gap_20_24 1
 RHS gap_20_25 1
 RHS gap_20_26 1
 RHS gap_20_27 1
 RHS gap_20_28 1
 RHS gap_20_29 1
 RHS gap_21_25 1
 RHS gap_21_26 1
 RHS gap_21_27 1
 RHS gap_21_28 1
 RHS gap_21_29 1
 RHS gap_22_26 1
 RHS gap_22_27 1
 RHS gap_22_28 1
 RHS gap_22_29 1
 RHS gap_23_27 1
 RHS gap_23_28 1
 RHS gap_23_29 1
 RHS gap_24_28 1
 RHS gap_24_29 1
 RHS gap_25_29 1
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
 BV BND x_15
 BV BND x_16
 BV BND x_17
 BV BND x_18
 BV BND x_19
 BV BND x_20
 BV BND x_21
 BV BND x_22
 BV BND x_23
 BV BND x_24
 BV BND x_25
 BV BND x_26
 BV BND x_27
 BV BND x_28
 BV BND x_29
ENDATA
