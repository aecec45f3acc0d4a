NAME lotsizing-2x12-s1
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
 y_0_0 obj 92
 y_0_0 setup_0_0 -23
 y_0_0 hours_0 12
 y_0_1 obj 92
 y_0_1 setup_0_1 -23
 y_0_1 hours_1 12
 y_0_2 obj 92
 y_0_2 setup_0_2 -23
 y_0_2 hours_2 12
 y_0_3 obj 92
 y_0_3 setup_0_3 -23
 y_0_3 hours_3 12
 y_0_4 obj 92
 y_0_4 setup_0_4 -23
 y_0_4 hours_4 12
 y_0_5 obj 92
 y_0_5 setup_0_5 -23
 y_0_5 hours_5 12
 y_0_6 obj 92
 y_0_6 setup_0_6 -23
 y_0_6 hours_6 12
 y_0_7 obj 92
 y_0_7 setup_0_7 -23
 y_0_7 hours_7 12
 y_0_8 obj 92
 y_0_8 setup_0_8 -23
 y_0_8 hours_8 12
 y_0_9 obj 92
 y_0_9 setup_0_9 -23
 y_0_9 hours_9 12
 y_0_10 obj 92
 y_0_10 setup_0_10 -23
 y_0_10 hours_10 12
 y_0_11 obj 92
 y_0_11 setup_0_11 -23
 y_0_11 hours_11 12
 y_1_0 obj 125
 y_1_0 setup_1_0 -28
 y_1_0 hours_0 17
 y_1_1 obj 125
 y_1_1 setup_1_1 -28
 y_1_1 hours_1 17
 y_1_2 obj 125
 y_1_2 setup_1_2 -28
 y_1_2 hours_2 17
 y_1_3 obj 125
 y_1_3 setup_1_3 -28
 y_1_3 hours_3 17
 y_1_4 obj 125
 y_1_4 setup_1_4 -28
 y_1_4 hours_4 17
 y_1_5 obj 125
 y_1_5 setup_1_5 -28
 y_1_5 hours_5 17
 y_1_6 obj 125
 y_1_6 setup_1_6 -28
 y_1_6 hours_6 17
 y_1_7 obj 125
 y_1_7 setup_1_7 -28
 y_1_7 hours_7 17
 y_1_8 obj 125
 y_1_8 setup_1_8 -28
 y_1_8 hours_8 17
 y_1_9 obj 125
 y_1_9 setup_1_9 -28
 y_1_9 hours_9 17
 y_1_10 obj 125
 y_1_10 setup_1_10 -28
 y_1_10 hours_10 17
 y_1_11 obj 125
 y_1_11 setup_1_11 -28
 y_1_11 hours_11 17
 z_0_0 obj 5
 z_0_0 balance_0_0 6
 z_0_0 setup_0_0 1
 z_0_0 hours_0 6
 z_0_1 obj 5
 z_0_1 balance_0_1 6
 z_0_1 setup_0_1 1
 z_0_1 hours_1 6
 z_0_2 obj 5
 z_0_2 balance_0_2 6
 z_0_2 setup_0_2 1
 z_0_2 hours_2 6
 z_0_3 obj 5
 z_0_3 balance_0_3 6
 z_0_3 setup_0_3 1
 z_0_3 hours_3 6
 z_0_4 obj 5
 z_0_4 balance_0_4 6
 z_0_4 setup_0_4 1
 z_0_4 hours_4 6
 z_0_5 obj 5
 z_0_5 balance_0_5 6
 z_0_5 setup_0_5 1
 z_0_5 hours_5 6
 z_0_6 obj 5
 z_0_6 balance_0_6 6
 z_0_6 setup_0_6 1
 z_0_6 hours_6 6
 z_0_7 obj 5
 z_0_7 balance_0_7 6
 z_0_7 setup_0_7 1
 z_0_7 hours_7 6
 z_0_8 obj 5
 z_0_8 balance_0_8 6
 z_0_8 setup_0_8 1
 z_0_8 hours_8 6
 z_0_9 obj 5
 z_0_9 balance_0_9 6
 z_0_9 setup_0_9 1
 z_0_9 hours_9 6
 z_0_10 obj 5
 z_0_10 balance_0_10 6
 z_0_10 setup_0_10 1
 z_0_10 hours_10 6
 z_0_11 obj 5
 z_0_11 balance_0_11 6
 z_0_11 setup_0_11 1
 z_0_11 hours_11 6
 z_1_0 obj 2
 z_1_0 balance_1_0 6
 z_1_0 setup_1_0 1
 z_1_0 hours_0 6
 z_1_1 obj 2
 z_1_1 balance_1_1 6
 z_1_1 setup_1_1 1
 z_1_1 hours_1 6
 z_1_2 obj 2
 z_1_2 balance_1_2 6
 z_1_2 setup_1_2 1
 z_1_2 hours_2 6
 z_1_3 obj 2
 z_1_3 balance_1_3 6
 z_1_3 setup_1_3 1
 z_1_3 hours_3 6
 z_1_4 obj 2
 z_1_4 balance_1_4 6
 z_1_4 setup_1_4 1
 z_1_4 hours_4 6
 z_1_5 obj 2
 z_1_5 balance_1_5 6
 z_1_5 setup_1_5 1
 z_1_5 hours_5 6
 z_1_6 obj 2
 z_1_6 balance_1_6 6
 z_1_6 setup_1_6 1
 z_1_6 hours_6 6
 z_1_7 obj 2
 z_1_7 balance_1_7 6
 z_1_7 setup_1_7 1
 z_1_7 hours_7 6
 z_1_8 obj 2
 z_1_8 balance_1_8 6
 z_1_8 setup_1_8 1
 z_1_8 hours_8 6
 z_1_9 obj 2
 z_1_9 balance_1_9 6
 z_1_9 setup_1_9 1
 z_1_9 hours_9 6
 z_1_10 obj 2
 z_1_10 balance_1_10 6
 z_1_10 setup_1_10 1
 z_1_10 hours_10 6
 z_1_11 obj 2
 z_1_11 balance_1_11 6
 z_1_11 setup_1_11 1
 z_1_11 hours_11 6
 MARKER 'MARKER' 'INTEND'
 s_0_0 obj 5
 s_0_0 balance_0_0 -1
 s_0_0 balance_0_1 1
 s_0_0 room_0 1
 s_0_1 obj 5
 s_0_1 balance_0_1 -1
 s_0_1 balance_0_2 1
 s_0_1 room_1 1
 s_0_2 obj 5
 s_0_2 balance_0_2 -1
 s_0_2 balance_0_3 1
 s_0_2 room_2 1
 s_0_3 obj 5
 s_0_3 balance_0_3 -1
 s_0_3 balance_0_4 1
 s_0_3 room_3 1
 s_0_4 obj 5
 s_0_4 balance_0_4 -1
 s_0_4 balance_0_5 1
 s_0_4 room_4 1
 s_0_5 obj 5
 s_0_5 balance_0_5 -1
 s_0_5 balance_0_6 1
 s_0_5 room_5 1
 s_0_6 obj 5
 s_0_6 balance_0_6 -1
 s_0_6 balance_0_7 1
 s_0_6 room_6 1
 s_0_7 obj 5
 s_0_7 balance_0_7 -1
 s_0_7 balance_0_8 1
 s_0_7 room_7 1
 s_0_8 obj 5
 s_0_8 balance_0_8 -1
 s_0_8 balance_0_9 1
 s_0_8 room_8 1
 s_0_9 obj 5
 s_0_9 balance_0_9 -1
 s_0_9 balance_0_10 1
 s_0_9 room_9 1
 s_0_10 obj 5
 s_0_10 balance_0_10 -1
 s_0_10 balance_0_11 1
 s_0_10 room_10 1
 s_0_11 obj 5
 s_0_11 balance_0_11 -1
 s_0_11 room_11 1
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
 s_1_5 balance_1_6 1
 s_1_5 room_5 1
 s_1_6 obj 4
 s_1_6 balance_1_6 -1
 s_1_6 balance_1_7 1
 s_1_6 room_6 1
 s_1_7 obj 4
 s_1_7 balance_1_7 -1
 s_1_7 balance_1_8 1
 s_1_7 room_7 1
 s_1_8 obj 4
 s_1_8 balance_1_8 -1
 s_1_8 balance_1_9 1
 s_1_8 room_8 1
 s_1_9 obj 4
 s_1_9 balance_1_9 -1
 s_1_9 balance_1_10 1
 s_1_9 room_9 1
 s_1_10 obj 4
 s_1_10 balance_1_10 -1
 s_1_10 balance_1_11 1
 s_1_10 room_10 1
 s_1_11 obj 4
 s_1_11 balance_1_11 -1
 s_1_11 room_11 1
RHS
 RHS balance_0_0 48
 RHS balance_0_1 58
 RHS balance_0_2 11
 RHS balance_0_3 17
 RHS balance_0_4 51
 RHS balance_0_5 58
 RHS balance_0_6 22
 RHS balance_0_7 25
 RHS balance_0_8 54
 RHS balance_0_9 31
 RHS balance_0_10 23
 RHS balance_0_11 52
 RHS balance_1_0 23
 RHS balance_1_1 30
 RHS balance_1_2 42
 RHS balance_1_3 38
 RHS balance_1_4 14
 RHS balance_1_5 11
 RHS balance_1_6 54
 RHS balance_1_7 48
 RHS balance_1_8 52
 RHS balance_1_9 37
 RHS balance_1_10 51
 RHS balance_1_11 26
 RHS hours_0 265
 RHS room_0 112
 RHS hours_1 265
 RHS room_1 112
 RHS hours_2 265
 RHS room_2 112
 RHS hours_3 265
 RHS room_3 112
 RHS hours_4 265
 RHS room_4 112
 RHS hours_5 265
 RHS room_5 112
 RHS hours_6 265
 RHS room_6 112
 RHS hours_7 265
 RHS room_7 112
 RHS hours_8 265
 RHS room_8 112
 RHS hours_9 265
 RHS room_9 112
 RHS hours_10 265
 RHS room_10 112
 RHS hours_11 265
 RHS room_11 112
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
 UP BND z_0_0 23
 UP BND z_0_1 23
 UP BND z_0_2 23
 UP BND z_0_3 23
 UP BND z_0_4 23
 UP BND z_0_5 23
 UP BND z_0_6 23
 UP BND z_0_7 23
 UP BND z_0_8 23
 UP BND z_0_9 23
 UP BND z_0_10 23
 UP BND z_0_11 23
 UP BND z_1_0 28
 UP BND z_1_1 28
 UP BND z_1_2 28
 UP BND z_1_3 28
 UP BND z_1_4 28
 UP BND z_1_5 28
 UP BND z_1_6 28
 UP BND z_1_7 28
 UP BND z_1_8 28
 UP BND z_1_9 28
 UP BND z_1_10 28
 UP BND z_1_11 28
ENDATA
