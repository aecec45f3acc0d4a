NAME lotsizing-2x6-s2
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
 y_0_0 obj 115
 y_0_0 setup_0_0 -12
 y_0_0 hours_0 19
 y_0_1 obj 115
 y_0_1 setup_0_1 -12
 y_0_1 hours_1 19
 y_0_2 obj 115
 y_0_2 setup_0_2 -12
 y_0_2 hours_2 19
 y_0_3 obj 115
 y_0_3 setup_0_3 -12
 y_0_3 hours_3 19
 y_0_4 obj 115
 y_0_4 setup_0_4 -12
 y_0_4 hours_4 19
 y_0_5 obj 115
 y_0_5 setup_0_5 -12
 y_0_5 hours_5 19
 y_1_0 obj 152
 y_1_0 setup_1_0 -28
 y_1_0 hours_0 5
 y_1_1 obj 152
 y_1_1 setup_1_1 -28
 y_1_1 hours_1 5
 y_1_2 obj 152
 y_1_2 setup_1_2 -28
 y_1_2 hours_2 5
 y_1_3 obj 152
 y_1_3 setup_1_3 -28
 y_1_3 hours_3 5
 y_1_4 obj 152
 y_1_4 setup_1_4 -28
 y_1_4 hours_4 5
 y_1_5 obj 152
 y_1_5 setup_1_5 -28
 y_1_5 hours_5 5
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
 z_0_3 obj 7
 z_0_3 balance_0_3 8
 z_0_3 setup_0_3 1
 z_0_3 hours_3 8
 z_0_4 obj 7
 z_0_4 balance_0_4 8
 z_0_4 setup_0_4 1
 z_0_4 hours_4 8
 z_0_5 obj 7
 z_0_5 balance_0_5 8
 z_0_5 setup_0_5 1
 z_0_5 hours_5 8
 z_1_0 obj 10
 z_1_0 balance_1_0 4
 z_1_0 setup_1_0 1
 z_1_0 hours_0 4
 z_1_1 obj 10
 z_1_1 balance_1_1 4
 z_1_1 setup_1_1 1
 z_1_1 hours_1 4
 z_1_2 obj 10
 z_1_2 balance_1_2 4
 z_1_2 setup_1_2 1
 z_1_2 hours_2 4
 z_1_3 obj 10
 z_1_3 balance_1_3 4
 z_1_3 setup_1_3 1
 z_1_3 hours_3 4
 z_1_4 obj 10
 z_1_4 balance_1_4 4
 z_1_4 setup_1_4 1
 z_1_4 hours_4 4
 z_1_5 obj 10
 z_1_5 balance_1_5 4
 z_1_5 setup_1_5 1
 z_1_5 hours_5 4
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
RHS
 RHS balance_0_0 15
 RHS balance_0_1 25
 RHS balance_0_2 31
 RHS balance_0_3 51
 RHS balance_0_4 33
 RHS balance_0_5 14
 RHS balance_1_0 27
 RHS balance_1_1 40
 RHS balance_1_2 51
 RHS balance_1_3 47
 RHS balance_1_4 60
 RHS balance_1_5 19
 RHS hours_0 158
 RHS room_0 63
 RHS hours_1 158
 RHS room_1 63
 RHS hours_2 158
 RHS room_2 63
 RHS hours_3 158
 RHS room_3 63
 RHS hours_4 158
 RHS room_4 63
 RHS hours_5 158
 RHS room_5 63
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
 UP BND z_0_0 12
 UP BND z_0_1 12
 UP BND z_0_2 12
 UP BND z_0_3 12
 UP BND z_0_4 12
 UP BND z_0_5 12
 UP BND z_1_0 28
 UP BND z_1_1 28
 UP BND z_1_2 28
 UP BND z_1_3 28
 UP BND z_1_4 28
 UP BND z_1_5 28
ENDATA
