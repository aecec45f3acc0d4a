NAME lotsizing-2x6-s1
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
 y_0_0 obj 176
 y_0_0 setup_0_0 -23
 y_0_0 hours_0 9
 y_0_1 obj 176
 y_0_1 setup_0_1 -23
 y_0_1 hours_1 9
 y_0_2 obj 176
 y_0_2 setup_0_2 -23
 y_0_2 hours_2 9
 y_0_3 obj 176
 y_0_3 setup_0_3 -23
 y_0_3 hours_3 9
 y_0_4 obj 176
 y_0_4 setup_0_4 -23
 y_0_4 hours_4 9
 y_0_5 obj 176
 y_0_5 setup_0_5 -23
 y_0_5 hours_5 9
 y_1_0 obj 131
 y_1_0 setup_1_0 -23
 y_1_0 hours_0 11
 y_1_1 obj 131
 y_1_1 setup_1_1 -23
 y_1_1 hours_1 11
 y_1_2 obj 131
 y_1_2 setup_1_2 -23
 y_1_2 hours_2 11
 y_1_3 obj 131
 y_1_3 setup_1_3 -23
 y_1_3 hours_3 11
 y_1_4 obj 131
 y_1_4 setup_1_4 -23
 y_1_4 hours_4 11
 y_1_5 obj 131
 y_1_5 setup_1_5 -23
 y_1_5 hours_5 11
 z_0_0 obj 9
 z_0_0 balance_0_0 6
 z_0_0 setup_0_0 1
 z_0_0 hours_0 6
 z_0_1 obj 9
 z_0_1 balance_0_1 6
 z_0_1 setup_0_1 1
 z_0_1 hours_1 6
 z_0_2 obj 9
 z_0_2 balance_0_2 6
 z_0_2 setup_0_2 1
 z_0_2 hours_2 6
 z_0_3 obj 9
 z_0_3 balance_0_3 6
 z_0_3 setup_0_3 1
 z_0_3 hours_3 6
 z_0_4 obj 9
 z_0_4 balance_0_4 6
 z_0_4 setup_0_4 1
 z_0_4 hours_4 6
 z_0_5 obj 9
 z_0_5 balance_0_5 6
 z_0_5 setup_0_5 1
 z_0_5 hours_5 6
 z_1_0 obj 4
 z_1_0 balance_1_0 6
 z_1_0 setup_1_0 1
 z_1_0 hours_0 6
 z_1_1 obj 4
 z_1_1 balance_1_1 6
 z_1_1 setup_1_1 1
 z_1_1 hours_1 6
 z_1_2 obj 4
 z_1_2 balance_1_2 6
 z_1_2 setup_1_2 1
 z_1_2 hours_2 6
 z_1_3 obj 4
 z_1_3 balance_1_3 6
 z_1_3 setup_1_3 1
 z_1_3 hours_3 6
 z_1_4 obj 4
 z_1_4 balance_1_4 6
 z_1_4 setup_1_4 1
 z_1_4 hours_4 6
 z_1_5 obj 4
 z_1_5 balance_1_5 6
 z_1_5 setup_1_5 1
 z_1_5 hours_5 6
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
 s_1_0 obj 4
 s_1_0 balance_1_0 -1
 s_1_0 balance_1_1 1
 s_1_0 room_0 1
 s_1_1 obj 4
 s_1_1 balance_1_1 -1
 s_1_1 balance_1_2 1
 s_1_1 room_1 1
 s_1_2 obj 4
 s_1_2 balance_1_2 -1
 s_1_2 balance_1_3 1
 s_1_2 room_2 1
 s_1_3 obj 4
 s_1_3 balance_1_3 -1
 s_1_3 balance_1_4 1
 s_1_3 room_3 1
 s_1_4 obj 4
 s_1_4 balance_1_4 -1
 s_1_4 balance_1_5 1
 s_1_4 room_4 1
 s_1_5 obj 4
 s_1_5 balance_1_5 -1
 s_1_5 room_5 1
RHS
 RHS balance_0_0 48
 RHS balance_0_1 58
 RHS balance_0_2 11
 RHS balance_0_3 17
 RHS balance_0_4 51
 RHS balance_0_5 58
 RHS balance_1_0 22
 RHS balance_1_1 25
 RHS balance_1_2 54
 RHS balance_1_3 31
 RHS balance_1_4 23
 RHS balance_1_5 52
 RHS hours_0 276
 RHS room_0 168
 RHS hours_1 276
 RHS room_1 168
 RHS hours_2 276
 RHS room_2 168
 RHS hours_3 276
 RHS room_3 168
 RHS hours_4 276
 RHS room_4 168
 RHS hours_5 276
 RHS room_5 168
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
 UP BND z_0_0 23
 UP BND z_0_1 23
 UP BND z_0_2 23
 UP BND z_0_3 23
 UP BND z_0_4 23
 UP BND z_0_5 23
 UP BND z_1_0 23
 UP BND z_1_1 23
 UP BND z_1_2 23
 UP BND z_1_3 23
 UP BND z_1_4 23
 UP BND z_1_5 23
ENDATA
