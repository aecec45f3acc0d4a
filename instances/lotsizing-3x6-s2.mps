NAME lotsizing-3x6-s2
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
 E balance_2_0
 L setup_2_0
 E balance_2_1
 L setup_2_1
 E balance_2_2
 L setup_2_2
 E balance_2_3
 L setup_2_3
 E balance_2_4
 L setup_2_4
 E balance_2_5
 L setup_2_5
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
 y_0_0 obj 196
 y_0_0 setup_0_0 -19
 y_0_0 hours_0 13
 y_0_1 obj 196
 y_0_1 setup_0_1 -19
 y_0_1 hours_1 13
 y_0_2 obj 196
 y_0_2 setup_0_2 -19
 y_0_2 hours_2 13
 y_0_3 obj 196
 y_0_3 setup_0_3 -19
 y_0_3 hours_3 13
 y_0_4 obj 196
 y_0_4 setup_0_4 -19
 y_0_4 hours_4 13
 y_0_5 obj 196
 y_0_5 setup_0_5 -19
 y_0_5 hours_5 13
 y_1_0 obj 181
 y_1_0 setup_1_0 -40
 y_1_0 hours_0 9
 y_1_1 obj 181
 y_1_1 setup_1_1 -40
 y_1_1 hours_1 9
 y_1_2 obj 181
 y_1_2 setup_1_2 -40
 y_1_2 hours_2 9
 y_1_3 obj 181
 y_1_3 setup_1_3 -40
 y_1_3 hours_3 9
 y_1_4 obj 181
 y_1_4 setup_1_4 -40
 y_1_4 hours_4 9
 y_1_5 obj 181
 y_1_5 setup_1_5 -40
 y_1_5 hours_5 9
 y_2_0 obj 153
 y_2_0 setup_2_0 -26
 y_2_0 hours_0 7
 y_2_1 obj 153
 y_2_1 setup_2_1 -26
 y_2_1 hours_1 7
 y_2_2 obj 153
 y_2_2 setup_2_2 -26
 y_2_2 hours_2 7
 y_2_3 obj 153
 y_2_3 setup_2_3 -26
 y_2_3 hours_3 7
 y_2_4 obj 153
 y_2_4 setup_2_4 -26
 y_2_4 hours_4 7
 y_2_5 obj 153
 y_2_5 setup_2_5 -26
 y_2_5 hours_5 7
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
 z_1_0 obj 4
 z_1_0 balance_1_0 4
 z_1_0 setup_1_0 1
 z_1_0 hours_0 4
 z_1_1 obj 4
 z_1_1 balance_1_1 4
 z_1_1 setup_1_1 1
 z_1_1 hours_1 4
 z_1_2 obj 4
 z_1_2 balance_1_2 4
 z_1_2 setup_1_2 1
 z_1_2 hours_2 4
 z_1_3 obj 4
 z_1_3 balance_1_3 4
 z_1_3 setup_1_3 1
 z_1_3 hours_3 4
 z_1_4 obj 4
 z_1_4 balance_1_4 4
 z_1_4 setup_1_4 1
 z_1_4 hours_4 4
 z_1_5 obj 4
 z_1_5 balance_1_5 4
 z_1_5 setup_1_5 1
 z_1_5 hours_5 4
 z_2_0 obj 1
 z_2_0 balance_2_0 3
 z_2_0 setup_2_0 1
 z_2_0 hours_0 3
 z_2_1 obj 1
 z_2_1 balance_2_1 3
 z_2_1 setup_2_1 1
 z_2_1 hours_1 3
 z_2_2 obj 1
 z_2_2 balance_2_2 3
 z_2_2 setup_2_2 1
 z_2_2 hours_2 3
 z_2_3 obj 1
 z_2_3 balance_2_3 3
 z_2_3 setup_2_3 1
 z_2_3 hours_3 3
 z_2_4 obj 1
 z_2_4 balance_2_4 3
 z_2_4 setup_2_4 1
 z_2_4 hours_4 3
 z_2_5 obj 1
 z_2_5 balance_2_5 3
 z_2_5 setup_2_5 1
 z_2_5 hours_5 3
 MARKER 'MARKER' 'INTEND'
 s_0_0 obj 1
 s_0_0 balance_0_0 -1
 s_0_0 balance_0_1 1
 s_0_0 room_0 1
 s_0_1 obj 1
 s_0_1 balance_0_1 -1
 s_0_1 balance_0_2 1
 s_0_1 room_1 1
 s_0_2 obj 1
 s_0_2 balance_0_2 -1
 s_0_2 balance_0_3 1
 s_0_2 room_2 1
 s_0_3 obj 1
 s_0_3 balance_0_3 -1
 s_0_3 balance_0_4 1
 s_0_3 room_3 1
 s_0_4 obj 1
 s_0_4 balance_0_4 -1
 s_0_4 balance_0_5 1
 s_0_4 room_4 1
 s_0_5 obj 1
 s_0_5 balance_0_5 -1
 s_0_5 room_5 1
 s_1_0 obj 2
 s_1_0 balance_1_0 -1
 s_1_0 balance_1_1 1
 s_1_0 room_0 1
 s_1_1 obj 2
 s_1_1 balance_1_1 -1
 s_1_1 balance_1_2 1
 s_1_1 room_1 1
 s_1_2 obj 2
 s_1_2 balance_1_2 -1
 s_1_2 balance_1_3 1
 s_1_2 room_2 1
 s_1_3 obj 2
 s_1_3 balance_1_3 -1
 s_1_3 balance_1_4 1
 s_1_3 room_3 1
 s_1_4 obj 2
 s_1_4 balance_1_4 -1
 s_1_4 balance_1_5 1
 s_1_4 room_4 1
 s_1_5 obj 2
 s_1_5 balance_1_5 -1
 s_1_5 room_5 1
 s_2_0 obj 2
 s_2_0 balance_2_0 -1
 s_2_0 balance_2_1 1
 s_2_0 room_0 1
 s_2_1 obj 2
 s_2_1 balance_2_1 -1
 s_2_1 balance_2_2 1
 s_2_1 room_1 1
 s_2_2 obj 2
 s_2_2 balance_2_2 -1
 s_2_2 balance_2_3 1
 s_2_2 room_2 1
 s_2_3 obj 2
 s_2_3 balance_2_3 -1
 s_2_3 balance_2_4 1
 s_2_3 room_3 1
 s_2_4 obj 2
 s_2_4 balance_2_4 -1
 s_2_4 balance_2_5 1
 s_2_4 room_4 1
 s_2_5 obj 2
 s_2_5 balance_2_5 -1
 s_2_5 room_5 1
RHS
 RHS balance_0_0 25
 RHS balance_0_1 31
 RHS balance_0_2 51
 RHS balance_0_3 33
 RHS balance_0_4 14
 RHS balance_0_5 27
 RHS balance_1_0 40
 RHS balance_1_1 51
 RHS balance_1_2 47
 RHS balance_1_3 60
 RHS balance_1_4 19
 RHS balance_1_5 54
 RHS balance_2_0 12
 RHS balance_2_1 38
 RHS balance_2_2 24
 RHS balance_2_3 20
 RHS balance_2_4 43
 RHS balance_2_5 25
 RHS hours_0 415
 RHS room_0 282
 RHS room_1 132
 RHS hours_2 38
 RHS room_2 10
 RHS hours_3 340
 RHS room_3 172
 RHS room_4 77
 RHS hours_5 85
 RHS room_5 5
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
 BV BND y_2_0
 BV BND y_2_1
 BV BND y_2_2
 BV BND y_2_3
 BV BND y_2_4
 BV BND y_2_5
 UP BND z_0_0 19
 UP BND z_0_1 19
 UP BND z_0_2 19
 UP BND z_0_3 19
 UP BND z_0_4 19
 UP BND z_0_5 19
 UP BND z_1_0 40
 UP BND z_1_1 40
 UP BND z_1_2 40
 UP BND z_1_3 40
 UP BND z_1_4 40
 UP BND z_1_5 40
 UP BND z_2_0 26
 UP BND z_2_1 26
 UP BND z_2_2 26
 UP BND z_2_3 26
 UP BND z_2_4 26
 UP BND z_2_5 26
ENDATA
