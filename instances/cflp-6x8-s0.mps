NAME cflp-6x8-s0
ROWS
 N obj
 E demand_0
 E demand_1
 E demand_2
 E demand_3
 E demand_4
 E demand_5
 E demand_6
 E demand_7
 L site_0
 L site_1
 L site_2
 L site_3
 L site_4
 L site_5
 L limit
COLUMNS
 MARKER 'MARKER' 'INTORG'
 y_0 obj 1040
 y_0 site_0 -81
 y_0 limit 1
 y_1 obj 704
 y_1 site_1 -46
 y_1 limit 1
 y_2 obj 1234
 y_2 site_2 -130
 y_2 limit 1
 y_3 obj 648
 y_3 site_3 -46
 y_3 limit 1
 y_4 obj 719
 y_4 site_4 -46
 y_4 limit 1
 y_5 obj 671
 y_5 site_5 -46
 y_5 limit 1
 MARKER 'MARKER' 'INTEND'
 x_0_0 obj 7.95
 x_0_0 demand_0 1
 x_0_0 site_0 1
 x_1_0 obj 7.28
 x_1_0 demand_0 1
 x_1_0 site_1 1
 x_4_0 obj 0.99
 x_4_0 demand_0 1
 x_4_0 site_4 1
 x_5_0 obj 5.63
 x_5_0 demand_0 1
 x_5_0 site_5 1
 x_1_1 obj 5.59
 x_1_1 demand_1 1
 x_1_1 site_1 1
 x_2_1 obj 5.76
 x_2_1 demand_1 1
 x_2_1 site_2 1
 x_3_1 obj 5.28
 x_3_1 demand_1 1
 x_3_1 site_3 1
 x_4_1 obj 3.12
 x_4_1 demand_1 1
 x_4_1 site_4 1
 x_1_2 obj 2.98
 x_1_2 demand_2 1
 x_1_2 site_1 1
 x_2_2 obj 4.4
 x_2_2 demand_2 1
 x_2_2 site_2 1
 x_3_2 obj 5.16
 x_3_2 demand_2 1
 x_3_2 site_3 1
 x_4_2 obj 3.55
 x_4_2 demand_2 1
 x_4_2 site_4 1
 x_0_3 obj 7.56
 x_0_3 demand_3 1
 x_0_3 site_0 1
 x_1_3 obj 2.65
 x_1_3 demand_3 1
 x_1_3 site_1 1
 x_2_3 obj 0.95
 x_2_3 demand_3 1
 x_2_3 site_2 1
 x_3_3 obj 3.28
 x_3_3 demand_3 1
 x_3_3 site_3 1
 x_1_4 obj 4.67
 x_1_4 demand_4 1
 x_1_4 site_1 1
 x_2_4 obj 1.86
 x_2_4 demand_4 1
 x_2_4 site_2 1
 x_3_4 obj 0.49
 x_3_4 demand_4 1
 x_3_4 site_3 1
 x_4_4 obj 8.07
 x_4_4 demand_4 1
 x_4_4 site_4 1
 x_0_5 obj 3.25
 x_0_5 demand_5 1
 x_0_5 site_0 1
 x_1_5 obj 3.77
 x_1_5 demand_5 1
 x_1_5 site_1 1
 x_4_5 obj 3.88
 x_4_5 demand_5 1
 x_4_5 site_4 1
 x_5_5 obj 2.93
 x_5_5 demand_5 1
 x_5_5 site_5 1
 x_1_6 obj 4.29
 x_1_6 demand_6 1
 x_1_6 site_1 1
 x_2_6 obj 5.77
 x_2_6 demand_6 1
 x_2_6 site_2 1
 x_4_6 obj 2.14
 x_4_6 demand_6 1
 x_4_6 site_4 1
 x_5_6 obj 4.92
 x_5_6 demand_6 1
 x_5_6 site_5 1
 x_0_7 obj 2.67
 x_0_7 demand_7 1
 x_0_7 site_0 1
 x_1_7 obj 2.77
 x_1_7 demand_7 1
 x_1_7 site_1 1
 x_2_7 obj 5.7
 x_2_7 demand_7 1
 x_2_7 site_2 1
 x_5_7 obj 5.41
 x_5_7 demand_7 1
 x_5_7 site_5 1
RHS
 RHS demand_0 17
 RHS demand_1 31
 RHS demand_2 22
 RHS demand_3 6
 RHS demand_4 28
 RHS demand_5 27
 RHS demand_6 31
 RHS demand_7 10
 RHS limit 3
BOUNDS
 BV BND y_0
 BV BND y_1
 BV BND y_2
 BV BND y_3
 BV BND y_4
 BV BND y_5
ENDATA
