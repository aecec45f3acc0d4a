NAME lotsizing-2x3-s0
ROWS
 N obj
 E balance_0_0
 L setup_0_0
 E balance_0_1
 L setup_0_1
 E balance_0_2
 L setup_0_2
 E balance_1_0
 L setup_1_0
 E balance_1_1
 L setup_1_1
 E balance_1_2
 L setup_1_2
 L hours_0
 L room_0
 L hours_1
 L room_1
 L hours_2
 L room_2
COLUMNS
 MARKER 'MARKER' 'INTORG'
 y_0_0 obj 196
 y_0_0 setup_0_0 -13
 y_0_0 hours_0 7
 y_0_1 obj 196
 y_0_1 setup_0_1 -13
 y_0_1 hours_1 7
 y_0_2 obj 196
 y_0_2 setup_0_2 -13
 y_0_2 hours_2 7
 y_1_0 obj 160
 y_1_0 setup_1_0 -9
 y_1_0 hours_0 18
 y_1_1 obj 160
 y_1_1 setup_1_1 -9
 y_1_1 hours_1 18
 y_1_2 obj 160
 y_1_2 setup_1_2 -9
 y_1_2 hours_2 18
 z_0_0 obj 7
 z_0_0 balance_0_0 8
 z_0_0 setup_0_0 1
 z_0_0 hours_0 8
 z_0_1 obj 7
 z_0_1 balance_0_1 8
 z_0_1 setup_0_1 1
 z_0_1 hours_1 8
 z_0_2 obj 7
 z_0_2 balance_0_2 8
 z_0_2 setup_0_2 1
 z_0_2 hours_2 8
 z_1_0 obj 6
 z_1_0 balance_1_0 7
 z_1_0 setup_1_0 1
 z_1_0 hours_0 7
 z_1_1 obj 6
 z_1_1 balance_1_1 7
 z_1_1 setup_1_1 1
 z_1_1 hours_1 7
 z_1_2 obj 6
 z_1_2 balance_1_2 7
 z_1_2 setup_1_2 1
 z_1_2 hours_2 7
 MARKER 'MARKER' 'INTEND'
 s_0_0 obj 3
 s_0_0 balance_0_0 -1
 s_0_0 balance_0_1 1
 s_0_0 room_0 1
 s_0_1 obj 3
 s_0_1 balance_0_1 -1
 s_0_1 balance_0_2 1
 s_0_1 room_1 1
 s_0_2 obj 3
 s_0_2 balance_0_2 -1
 s_0_2 room_2 1
 s_1_0 obj 5
 s_1_0 balance_1_0 -1
 s_1_0 balance_1_1 1
 s_1_0 room_0 1
 s_1_1 obj 5
 s_1_1 balance_1_1 -1
 s_1_1 balance_1_2 1
 s_1_1 room_1 1
 s_1_2 obj 5
 s_1_2 balance_1_2 -1
 s_1_2 room_2 1
RHS
 RHS balance_0_0 36
 RHS balance_0_1 23
 RHS balance_0_2 25
 RHS balance_1_0 12
 RHS balance_1_1 13
 RHS balance_1_2 10
 RHS hours_0 292
 RHS room_0 110
 RHS room_1 20
 RHS hours_2 140
 RHS room_2 10
BOUNDS
 BV BND y_0_0
 BV BND y_0_1
 BV BND y_0_2
 BV BND y_1_0
 BV BND y_1_1
 BV BND y_1_2
 UP BND z_0_0 13
 UP BND z_0_1 13
 UP BND z_0_2 13
 UP BND z_1_0 9
 UP BND z_1_1 9
 UP BND z_1_2 9
ENDATA
