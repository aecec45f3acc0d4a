NAME lotsizing-2x12-s2
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
 E balance_0_6
 L setup_0_6
 E balance_0_7
 L setup_0_7
 E balance_0_8
 L setup_0_8
 E balance_0_9
 L setup_0_9
 E balance_0_10
 L setup_0_10
 E balance_0_11
 L setup_0_11
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
 E balance_1_6
 L setup_1_6
 E balance_1_7
 L setup_1_7
 E balance_1_8
 L setup_1_8
 E balance_1_9
 L setup_1_9
 E balance_1_10
 L setup_1_10
 E balance_1_11
 L setup_1_11
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
 L hours_6
 L room_6
 L hours_7
 L room_7
 L hours_8
 L room_8
 L hours_9
 L room_9
 L hours_10
 L room_10
 L hours_11
 L room_11
COLUMNS
 MARKER 'MARKER' 'INTORG'
 y_0_0 obj 100
 y_0_0 setup_0_0 -25
 y_0_0 hours_0 15
 y_0_1 obj 100
 y_0_1 setup_0_1 -25
 y_0_1 hours_1 15
 y_0_2 obj 100
 y_0_2 setup_0_2 -25
 y_0_2 hours_2 15
 y_0_3 obj 100
 y_0_3 setup_0_3 -25
 y_0_3 hours_3 15
 y_0_4 obj 100
 y_0_4 setup_0_4 -25
 y_0_4 hours_4 15
 y_0_5 obj 100
 y_0_5 setup_0_5 -25
 y_0_5 hours_5 15
 y_0_6 obj 100
 y_0_6 setup_0_6 -25
 y_0_6 hours_6 15
 y_0_7 obj 100
 y_0_7 setup_0_7 -25
 y_0_7 hours_7 15
 y_0_8 obj 100
 y_0_8 setup_0_8 -25
 y_0_8 hours_8 15
 y_0_9 obj 100
 y_0_9 setup_0_9 -25
 y_0_9 hours_9 15
 y_0_10 obj 100
 y_0_10 setup_0_10 -25
 y_0_10 hours_10 15
 y_0_11 obj 100
 y_0_11 setup_0_11 -25
 y_0_11 hours_11 15
 y_1_0 obj 102
 y_1_0 setup_1_0 -31
 y_1_0 hours_0 15
 y_1_1 obj 102
 y_1_1 setup_1_1 -31
 y_1_1 hours_1 15
 y_1_2 obj 102
 y_1_2 setup_1_2 -31
 y_1_2 hours_2 15
 y_1_3 obj 102
 y_1_3 setup_1_3 -31
 y_1_3 hours_3 15
 y_1_4 obj 102
 y_1_4 setup_1_4 -31
 y_1_4 hours_4 15
 y_1_5 obj 102
 y_1_5 setup_1_5 -31
 y_1_5 hours_5 15
 y_1_6 obj 102
 y_1_6 setup_1_6 -31
 y_1_6 hours_6 15
 y_1_7 obj 102
 y_1_7 setup_1_7 -31
 y_1_7 hours_7 15
 y_1_8 obj 102
 y_1_8 setup_1_8 -31
 y_1_8 hours_8 15
 y_1_9 obj 102
 y_1_9 setup_1_9 -31
 y_1_9 hours_9 15
 y_1_10 obj 102
 y_1_10 setup_1_10 -31
 y_1_10 hours_10 15
 y_1_11 obj 102
 y_1_11 setup_1_11 -31
 y_1_11 hours_11 15
 z_0_0 obj 6
 z_0_0 balance_0_0 8
 z_0_0 setup_0_0 1
 z_0_0 hours_0 8
 z_0_1 obj 6
 z_0_1 balance_0_1 8
 z_0_1 setup_0_1 1
 z_0_1 hours_1 8
 z_0_2 obj 6
 z_0_2 balance_0_2 8
 z_0_2 setup_0_2 1
 z_0_2 hours_2 8
 z_0_3 obj 6
 z_0_3 balance_0_3 8
 z_0_3 setup_0_3 1
 z_0_3 hours_3 8
 z_0_4 obj 6
 z_0_4 balance_0_4 8
 z_0_4 setup_0_4 1
 z_0_4 hours_4 8
 z_0_5 obj 6
 z_0_5 balance_0_5 8
 z_0_5 setup_0_5 1
 z_0_5 hours_5 8
 z_0_6 obj 6
 z_0_6 balance_0_6 8
 z_0_6 setup_0_6 1
 z_0_6 hours_6 8
 z_0_7 obj 6
 z_0_7 balance_0_7 8
 z_0_7 setup_0_7 1
 z_0_7 hours_7 8
 z_0_8 obj 6
 z_0_8 balance_0_8 8
 z_0_8 setup_0_8 1
 z_0_8 hours_8 8
 z_0_9 obj 6
 z_0_9 balance_0_9 8
 z_0_9 setup_0_9 1
 z_0_9 hours_9 8
 z_0_10 obj 6
 z_0_10 balance_0_10 8
 z_0_10 setup_0_10 1
 z_0_10 hours_10 8
 z_0_11 obj 6
 z_0_11 balance_0_11 8
 z_0_11 setup_0_11 1
 z_0_11 hours_11 8
 z_1_0 obj 6
 z_1_0 balance_1_0 4
 z_1_0 setup_1_0 1
 z_1_0 hours_0 4
 z_1_1 obj 6
 z_1_1 balance_1_1 4
 z_1_1 setup_1_1 1
 z_1_1 hours_1 4
 z_1_2 obj 6
 z_1_2 balance_1_2 4
 z_1_2 setup_1_2 1
 z_1_2 hours_2 4
 z_1_3 obj 6
 z_1_3 balance_1_3 4
 z_1_3 setup_1_3 1
 z_1_3 hours_3 4
 z_1_4 obj 6
 z_1_4 balance_1_4 4
 z_1_4 setup_1_4 1
 z_1_4 hours_4 4
 z_1_5 obj 6
 z_1_5 balance_1_5 4
 z_1_5 setup_1_5 1
 z_1_5 hours_5 4
 z_1_6 obj 6
 z_1_6 balance_1_6 4
 z_1_6 setup_1_6 1
 z_1_6 hours_6 4
 z_1_7 obj 6
 z_1_7 balance_1_7 4
 z_1_7 setup_1_7 1
 z_1_7 hours_7 4
 z_1_8 obj 6
 z_1_8 balance_1_8 4
 z_1_8 setup_1_8 1
 z_1_8 hours_8 4
 z_1_9 obj 6
 z_1_9 balance_1_9 4
 z_1_9 setup_1_9 1
 z_1_9 hours_9 4
 z_1_10 obj 6
 z_1_10 balance_1_10 4
 z_1_10 setup_1_10 1
 z_1_10 hours_10 4
 z_1_11 obj 6
 z_1_11 balance_1_11 4
 z_1_11 setup_1_11 1
 z_1_11 hours_11 4
 MARKER 'MARKER' 'INTEND'
 s_0_0 obj 4
 s_0_0 balance_0_0 -1
 s_0_0 balance_0_1 1
 s_0_0 room_0 1
 s_0_1 obj 4
 s_0_1 balance_0_1 -1
 s_0_1 balance_0_2 1
 s_0_1 room_1 1
 s_0_2 obj 4
 s_0_2 balance_0_2 -1
 s_0_2 balance_0_3 1
 s_0_2 room_2 1
 s_0_3 obj 4
 s_0_3 balance_0_3 -1
 s_0_3 balance_0_4 1
 s_0_3 room_3 1
 s_0_4 obj 4
 s_0_4 balance_0_4 -1
 s_0_4 balance_0_5 1
 s_0_4 room_4 1
 s_0_5 obj 4
 s_0_5 balance_0_5 -1
 s_0_5 balance_0_6 1
 s_0_5 room_5 1
 s_0_6 obj 4
 s_0_6 balance_0_6 -1
 s_0_6 balance_0_7 1
 s_0_6 room_6 1
 s_0_7 obj 4
 s_0_7 balance_0_7 -1
 s_0_7 balance_0_8 1
 s_0_7 room_7 1
 s_0_8 obj 4
 s_0_8 balance_0_8 -1
 s_0_8 balance_0_9 1
 s_0_8 room_8 1
 s_0_9 obj 4
 s_0_9 balance_0_9 -1
 s_0_9 balance_0_10 1
 s_0_9 room_9 1
 s_0_10 obj 4
 s_0_10 balance_0_10 -1
 s_0_10 balance_0_11 1
 s_0_10 room_10 1
 s_0_11 obj 4
 s_0_11 balance_0_11 -1
 s_0_11 room_11 1
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
 s_1_2 balance_1_3 1
 s_1_2 room_2 1
 s_1_3 obj 5
 s_1_3 balance_1_3 -1
 s_1_3 balance_1_4 1
 s_1_3 room_3 1
 s_1_4 obj 5
 s_1_4 balance_1_4 -1
 s_1_4 balance_1_5 1
 s_1_4 room_4 1
 s_1_5 obj 5
 s_1_5 balance_1_5 -1
 s_1_5 balance_1_6 1
 s_1_5 room_5 1
 s_1_6 obj 5
 s_1_6 balance_1_6 -1
 s_1_6 balance_1_7 1
 s_1_6 room_6 1
 s_1_7 obj 5
 s_1_7 balance_1_7 -1
 s_1_7 balance_1_8 1
 s_1_7 room_7 1
 s_1_8 obj 5
 s_1_8 balance_1_8 -1
 s_1_8 balance_1_9 1
 s_1_8 room_8 1
 s_1_9 obj 5
 s_1_9 balance_1_9 -1
 s_1_9 balance_1_10 1
 s_1_9 room_9 1
 s_1_10 obj 5
 s_1_10 balance_1_10 -1
 s_1_10 balance_1_11 1
 s_1_10 room_10 1
 s_1_11 obj 5
 s_1_11 balance_1_11 -1
 s_1_11 room_11 1
RHS
 RHS balance_0_0 15
 RHS balance_0_1 25
 RHS balance_0_2 31
 RHS balance_0_3 51
 RHS balance_0_4 33
 RHS balance_0_5 14
 RHS balance_0_6 27
 RHS balance_0_7 40
 RHS balance_0_8 51
 RHS balance_0_9 47
 RHS balance_0_10 60
 RHS balance_0_11 19
 RHS balance_1_0 54
 RHS balance_1_1 12
 RHS balance_1_2 38
 RHS balance_1_3 24
 RHS balance_1_4 20
 RHS balance_1_5 43
 RHS balance_1_6 25
 RHS balance_1_7 38
 RHS balance_1_8 23
 RHS balance_1_9 17
 RHS balance_1_10 48
 RHS balance_1_11 32
 RHS hours_0 276
 RHS room_0 158
 RHS hours_1 276
 RHS room_1 158
 RHS hours_2 276
 RHS room_2 158
 RHS hours_3 276
 RHS room_3 158
 RHS hours_4 276
 RHS room_4 158
 RHS hours_5 276
 RHS room_5 158
 RHS hours_6 276
 RHS room_6 158
 RHS hours_7 276
 RHS room_7 158
 RHS hours_8 276
 RHS room_8 158
 RHS hours_9 276
 RHS room_9 158
 RHS hours_10 276
 RHS room_10 158
 RHS hours_11 276
 RHS room_11 158
BOUNDS
 BV BND y_0_0
 BV BND y_0_1
 BV BND y_0_2
 BV BND y_0_3
 BV BND y_0_4
 BV BND y_0_5
 BV BND y_0_6
 BV BND y_0_7
 BV BND y_0_8
 BV BND y_0_9
 BV BND y_0_10
 BV BND y_0_11
 BV BND y_1_0
 BV BND y_1_1
 BV BND y_1_2
 BV BND y_1_3
 BV BND y_1_4
 BV BND y_1_5
 BV BND y_1_6
 BV BND y_1_7
 BV BND y_1_8
 BV BND y_1_9
 BV BND y_1_10
 BV BND y_1_11
 UP BND z_0_0 25
 UP BND z_0_1 25
 UP BND z_0_2 25
 UP BND z_0_3 25
 UP BND z_0_4 25
 UP BND z_0_5 25
 UP BND z_0_6 25
 UP BND z_0_7 25
 UP BND z_0_8 25
 UP BND z_0_9 25
 UP BND z_0_10 25
 UP BND z_0_11 25
 UP BND z_1_0 31
 UP BND z_1_1 31
 UP BND z_1_2 31
 UP BND z_1_3 31
 UP BND z_1_4 31
 UP BND z_1_5 31
 UP BND z_1_6 31
 UP BND z_1_7 31
 UP BND z_1_8 31
 UP BND z_1_9 31
 UP BND z_1_10 31
 UP BND z_1_11 31
ENDATA
