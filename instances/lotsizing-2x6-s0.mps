NAME lotsizing-2x6-s0
ROWS
 N obj
 E balance_0_0
 L setup_0_0
 E balance_0_1
 L setup_0_1
 E balance_0_2
 L setup_0_2
 E balance_0_3
 L setup_0_3
 E balance_0_4
 L setup_0_4
 E balance_0_5
 L setup_0_5
 E balance_1_0
 L setup_1_0
 E balance_1_1
 L setup_1_1
 E balance_1_2
 L setup_1_2
 E balance_1_3
 L setup_1_3
 E balance_1_4
 L setup_1_4
 E balance_1_5
 L setup_1_5
 L hours_0
 L room_0
 L hours_1
 L room_1
 L hours_2
 L room_2
 L hours_3
 L room_3
 L hours_4
 L room_4
 L hours_5
 L room_5
COLUMNS
 MARKER 'MARKER' 'INTORG'
 y_0_0 obj 151
 y_0_0 setup_0_0 -13
 y_0_0 hours_0 20
 y_0_1 obj 151
 y_0_1 setup_0_1 -13
 y_0_1 hours_1 20
 y_0_2 obj 151
 y_0_2 setup_0_2 -13
 y_0_2 hours_2 20
 y_0_3 obj 151
 y_0_3 setup_0_3 -13
 y_0_3 hours_3 20
 y_0_4 obj 151
 y_0_4 setup_0_4 -13
 y_0_4 hours_4 20
 y_0_5 obj 151
 y_0_5 setup_0_5 -13
 y_0_5 hours_5 20
 y_1_0 obj 50
 y_1_0 setup_1_0 -21
 y_1_0 hours_0 16
 y_1_1 obj 50
 y_1_1 setup_1_1 -21
 y_1_1 hours_1 16
 y_1_2 obj 50
 y_1_2 setup_1_2 -21
 y_1_2 hours_2 16
 y_1_3 obj 50
 y_1_3 setup_1_3 -21
 y_1_3 hours_3 16
 y_1_4 obj 50
 y_1_4 setup_1_4 -21
 y_1_4 hours_4 16
 y_1_5 obj 50
 y_1_5 setup_1_5 -21
 y_1_5 hours_5 16
 z_0_0 obj 4
 z_0_0 balance_0_0 8
 z_0_0 setup_0_0 1
 z_0_0 hours_0 8
 z_0_1 obj 4
 z_0_1 balance_0_1 8
 z_0_1 setup_0_1 1
 z_0_1 hours_1 8
 z_0_2 obj 4
 z_0_2 balance_0_2 8
 z_0_2 setup_0_2 1
 z_0_2 hours_2 8
 z_0_3 obj 4
 z_0_3 balance_0_3 8
 z_0_3 setup_0_3 1
 z_0_3 hours_3 8
 z_0_4 obj 4
 z_0_4 balance_0_4 8
 z_0_4 setup_0_4 1
 z_0_4 hours_4 8
 z_0_5 obj 4
 z_0_5 balance_0_5 8
 z_0_5 setup_0_5 1
 z_0_5 hours_5 8
 z_1_0 obj 9
 z_1_0 balance_1_0 7
 z_1_0 setup_1_0 1
 z_1_0 hours_0 7
 z_1_1 obj 9
 z_1_1 balance_1_1 7
 z_1_1 setup_1_1 1
 z_1_1 hours_1 7
 z_1_2 obj 9
 z_1_2 balance_1_2 7
 z_1_2 setup_1_2 1
 z_1_2 hours_2 7
 z_1_3 obj 9
 z_1_3 balance_1_3 7
 z_1_3 setup_1_3 1
 z_1_3 hours_3 7
 z_1_4 obj 9
 z_1_4 balance_1_4 7
 z_1_4 setup_1_4 1
 z_1_4 hours_4 7
 z_1_5 obj 9
 z_1_5 balance_1_5 7
 z_1_5 setup_1_5 1
 z_1_5 hours_5 7
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
 s_0_2 balance_0_3 1
 s_0_2 room_2 1
 s_0_3 obj 3
 s_0_3 balance_0_3 -1
 s_0_3 balance_0_4 1
 s_0_3 room_3 1
 s_0_4 obj 3
 s_0_4 balance_0_4 -1
 s_0_4 balance_0_5 1
 s_0_4 room_4 1
 s_0_5 obj 3
 s_0_5 balance_0_5 -1
 s_0_5 room_5 1
 s_1_0 obj 1
 s_1_0 balance_1_0 -1
 s_1_0 balance_1_1 1
 s_1_0 room_0 1
 s_1_1 obj 1
 s_1_1 balance_1_1 -1
 s_1_1 balance_1_2 1
 s_1_1 room_1 1
 s_1_2 obj 1
 s_1_2 balance_1_2 -1
 s_1_2 balance_1_3 1
 s_1_2 room_2 1
 s_1_3 obj 1
 s_1_3 balance_1_3 -1
 s_1_3 balance_1_4 1
 s_1_3 room_3 1
 s_1_4 obj 1
 s_1_4 balance_1_4 -1
 s_1_4 balance_1_5 1
 s_1_4 room_4 1
 s_1_5 obj 1
 s_1_5 balance_1_5 -1
 s_1_5 room_5 1
RHS
 RHS balance_0_0 36
 RHS balance_0_1 23
 RHS balance_0_2 25
 RHS balance_0_3 12
 RHS balance_0_4 13
 RHS balance_0_5 10
 RHS balance_1_0 18
 RHS balance_1_1 51
 RHS balance_1_2 43
 RHS balance_1_3 56
 RHS balance_1_4 35
 RHS balance_1_5 40
 RHS hours_0 254
 RHS room_0 146
 RHS hours_1 254
 RHS room_1 146
 RHS hours_2 254
 RHS room_2 146
 RHS hours_3 254
 RHS room_3 146
 RHS hours_4 254
 RHS room_4 146
 RHS hours_5 254
 RHS room_5 146
BOUNDS
 BV BND y_0_0
 BV BND y_0_1
 BV BND y_0_2
 BV BND y_0_3
 BV BND y_0_4
 BV BND y_0_5
 BV BND y_1_0
 BV BND y_1_1
 BV BND y_1_2
 BV BND y_1_3
 BV BND y_1_4
 BV BND y_1_5
 UP BND z_0_0 13
 UP BND z_0_1 13
 UP BND z_0_2 13
 UP BND z_0_3 13
 UP BND z_0_4 13
 UP BND z_0_5 13
 UP BND z_1_0 21
 UP BND z_1_1 21
 UP BND z_1_2 21
 UP BND z_1_3 21
 UP BND z_1_4 21
 UP BND z_1_5 21
ENDATA
