NAME lotsizing-3x6-s0
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
 y_0_0 obj 53
 y_0_0 setup_0_0 -11
 y_0_0 hours_0 18
 y_0_1 obj 53
 y_0_1 setup_0_1 -11
 y_0_1 hours_1 18
 y_0_2 obj 53
 y_0_2 setup_0_2 -11
 y_0_2 hours_2 18
 y_0_3 obj 53
 y_0_3 setup_0_3 -11
 y_0_3 hours_3 18
 y_0_4 obj 53
 y_0_4 setup_0_4 -11
 y_0_4 hours_4 18
 y_0_5 obj 53
 y_0_5 setup_0_5 -11
 y_0_5 hours_5 18
 y_1_0 obj 131
 y_1_0 setup_1_0 -24
 y_1_0 hours_0 15
 y_1_1 obj 131
 y_1_1 setup_1_1 -24
 y_1_1 hours_1 15
 y_1_2 obj 131
 y_1_2 setup_1_2 -24
 y_1_2 hours_2 15
 y_1_3 obj 131
 y_1_3 setup_1_3 -24
 y_1_3 hours_3 15
 y_1_4 obj 131
 y_1_4 setup_1_4 -24
 y_1_4 hours_4 15
 y_1_5 obj 131
 y_1_5 setup_1_5 -24
 y_1_5 hours_5 15
 y_2_0 obj 62
 y_2_0 setup_2_0 -26
 y_2_0 hours_0 5
 y_2_1 obj 62
 y_2_1 setup_2_1 -26
 y_2_1 hours_1 5
 y_2_2 obj 62
 y_2_2 setup_2_2 -26
 y_2_2 hours_2 5
 y_2_3 obj 62
 y_2_3 setup_2_3 -26
 y_2_3 hours_3 5
 y_2_4 obj 62
 y_2_4 setup_2_4 -26
 y_2_4 hours_4 5
 y_2_5 obj 62
 y_2_5 setup_2_5 -26
 y_2_5 hours_5 5
 z_0_0 obj 3
 z_0_0 balance_0_0 8
 z_0_0 setup_0_0 1
 z_0_0 hours_0 8
 z_0_1 obj 3
 z_0_1 balance_0_1 8
 z_0_1 setup_0_1 1
 z_0_1 hours_1 8
 z_0_2 obj 3
 z_0_2 balance_0_2 8
 z_0_2 setup_0_2 1
 z_0_2 hours_2 8
 z_0_3 obj 3
 z_0_3 balance_0_3 8
 z_0_3 setup_0_3 1
 z_0_3 hours_3 8
 z_0_4 obj 3
 z_0_4 balance_0_4 8
 z_0_4 setup_0_4 1
 z_0_4 hours_4 8
 z_0_5 obj 3
 z_0_5 balance_0_5 8
 z_0_5 setup_0_5 1
 z_0_5 hours_5 8
 z_1_0 obj 5
 z_1_0 balance_1_0 7
 z_1_0 setup_1_0 1
 z_1_0 hours_0 7
 z_1_1 obj 5
 z_1_1 balance_1_1 7
 z_1_1 setup_1_1 1
 z_1_1 hours_1 7
 z_1_2 obj 5
 z_1_2 balance_1_2 7
 z_1_2 setup_1_2 1
 z_1_2 hours_2 7
 z_1_3 obj 5
 z_1_3 balance_1_3 7
 z_1_3 setup_1_3 1
 z_1_3 hours_3 7
 z_1_4 obj 5
 z_1_4 balance_1_4 7
 z_1_4 setup_1_4 1
 z_1_4 hours_4 7
 z_1_5 obj 5
 z_1_5 balance_1_5 7
 z_1_5 setup_1_5 1
 z_1_5 hours_5 7
 z_2_0 obj 5
 z_2_0 balance_2_0 6
 z_2_0 setup_2_0 1
 z_2_0 hours_0 6
 z_2_1 obj 5
 z_2_1 balance_2_1 6
 z_2_1 setup_2_1 1
 z_2_1 hours_1 6
 z_2_2 obj 5
 z_2_2 balance_2_2 6
 z_2_2 setup_2_2 1
 z_2_2 hours_2 6
 z_2_3 obj 5
 z_2_3 balance_2_3 6
 z_2_3 setup_2_3 1
 z_2_3 hours_3 6
 z_2_4 obj 5
 z_2_4 balance_2_4 6
 z_2_4 setup_2_4 1
 z_2_4 hours_4 6
 z_2_5 obj 5
 z_2_5 balance_2_5 6
 z_2_5 setup_2_5 1
 z_2_5 hours_5 6
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
 s_2_0 obj 1
 s_2_0 balance_2_0 -1
 s_2_0 balance_2_1 1
 s_2_0 room_0 1
 s_2_1 obj 1
 s_2_1 balance_2_1 -1
 s_2_1 balance_2_2 1
 s_2_1 room_1 1
 s_2_2 obj 1
 s_2_2 balance_2_2 -1
 s_2_2 balance_2_3 1
 s_2_2 room_2 1
 s_2_3 obj 1
 s_2_3 balance_2_3 -1
 s_2_3 balance_2_4 1
 s_2_3 room_3 1
 s_2_4 obj 1
 s_2_4 balance_2_4 -1
 s_2_4 balance_2_5 1
 s_2_4 room_4 1
 s_2_5 obj 1
 s_2_5 balance_2_5 -1
 s_2_5 room_5 1
RHS
 RHS balance_0_0 23
 RHS balance_0_1 25
 RHS balance_0_2 12
 RHS balance_0_3 13
 RHS balance_0_4 10
 RHS balance_0_5 18
 RHS balance_1_0 51
 RHS balance_1_1 43
 RHS balance_1_2 56
 RHS balance_1_3 35
 RHS balance_1_4 40
 RHS balance_1_5 59
 RHS balance_2_0 47
 RHS balance_2_1 42
 RHS balance_2_2 37
 RHS balance_2_3 38
 RHS balance_2_4 57
 RHS balance_2_5 24
 RHS hours_0 335
 RHS room_0 136
 RHS hours_1 185
 RHS room_1 165
 RHS hours_2 72
 RHS room_2 83
 RHS hours_3 58
 RHS room_3 28
 RHS hours_4 215
 RHS room_4 85
 RHS hours_5 78
 RHS room_5 8
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
 UP BND z_0_0 11
 UP BND z_0_1 11
 UP BND z_0_2 11
 UP BND z_0_3 11
 UP BND z_0_4 11
 UP BND z_0_5 11
 UP BND z_1_0 24
 UP BND z_1_1 24
 UP BND z_1_2 24
 UP BND z_1_3 24
 UP BND z_1_4 24
 UP BND z_1_5 24
 UP BND z_2_0 26
 UP BND z_2_1 26
 UP BND z_2_2 26
 UP BND z_2_3 26
 UP BND z_2_4 26
 UP BND z_2_5 26
ENDATA
