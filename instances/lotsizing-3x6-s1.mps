NAME lotsizing-3x6-s1
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
 y_0_0 obj 107
 y_0_0 setup_0_0 -20
 y_0_0 hours_0 17
 y_0_1 obj 107
 y_0_1 setup_0_1 -20
 y_0_1 hours_1 17
 y_0_2 obj 107
 y_0_2 setup_0_2 -20
 y_0_2 hours_2 17
 y_0_3 obj 107
 y_0_3 setup_0_3 -20
 y_0_3 hours_3 17
 y_0_4 obj 107
 y_0_4 setup_0_4 -20
 y_0_4 hours_4 17
 y_0_5 obj 107
 y_0_5 setup_0_5 -20
 y_0_5 hours_5 17
 y_1_0 obj 110
 y_1_0 setup_1_0 -24
 y_1_0 hours_0 18
 y_1_1 obj 110
 y_1_1 setup_1_1 -24
 y_1_1 hours_1 18
 y_1_2 obj 110
 y_1_2 setup_1_2 -24
 y_1_2 hours_2 18
 y_1_3 obj 110
 y_1_3 setup_1_3 -24
 y_1_3 hours_3 18
 y_1_4 obj 110
 y_1_4 setup_1_4 -24
 y_1_4 hours_4 18
 y_1_5 obj 110
 y_1_5 setup_1_5 -24
 y_1_5 hours_5 18
 y_2_0 obj 186
 y_2_0 setup_2_0 -14
 y_2_0 hours_0 13
 y_2_1 obj 186
 y_2_1 setup_2_1 -14
 y_2_1 hours_1 13
 y_2_2 obj 186
 y_2_2 setup_2_2 -14
 y_2_2 hours_2 13
 y_2_3 obj 186
 y_2_3 setup_2_3 -14
 y_2_3 hours_3 13
 y_2_4 obj 186
 y_2_4 setup_2_4 -14
 y_2_4 hours_4 13
 y_2_5 obj 186
 y_2_5 setup_2_5 -14
 y_2_5 hours_5 13
 z_0_0 obj 3
 z_0_0 balance_0_0 6
 z_0_0 setup_0_0 1
 z_0_0 hours_0 6
 z_0_1 obj 3
 z_0_1 balance_0_1 6
 z_0_1 setup_0_1 1
 z_0_1 hours_1 6
 z_0_2 obj 3
 z_0_2 balance_0_2 6
 z_0_2 setup_0_2 1
 z_0_2 hours_2 6
 z_0_3 obj 3
 z_0_3 balance_0_3 6
 z_0_3 setup_0_3 1
 z_0_3 hours_3 6
 z_0_4 obj 3
 z_0_4 balance_0_4 6
 z_0_4 setup_0_4 1
 z_0_4 hours_4 6
 z_0_5 obj 3
 z_0_5 balance_0_5 6
 z_0_5 setup_0_5 1
 z_0_5 hours_5 6
 z_1_0 obj 6
 z_1_0 balance_1_0 6
 z_1_0 setup_1_0 1
 z_1_0 hours_0 6
 z_1_1 obj 6
 z_1_1 balance_1_1 6
 z_1_1 setup_1_1 1
 z_1_1 hours_1 6
 z_1_2 obj 6
 z_1_2 balance_1_2 6
 z_1_2 setup_1_2 1
 z_1_2 hours_2 6
 z_1_3 obj 6
 z_1_3 balance_1_3 6
 z_1_3 setup_1_3 1
 z_1_3 hours_3 6
 z_1_4 obj 6
 z_1_4 balance_1_4 6
 z_1_4 setup_1_4 1
 z_1_4 hours_4 6
 z_1_5 obj 6
 z_1_5 balance_1_5 6
 z_1_5 setup_1_5 1
 z_1_5 hours_5 6
 z_2_0 obj 3
 z_2_0 balance_2_0 8
 z_2_0 setup_2_0 1
 z_2_0 hours_0 8
 z_2_1 obj 3
 z_2_1 balance_2_1 8
 z_2_1 setup_2_1 1
 z_2_1 hours_1 8
 z_2_2 obj 3
 z_2_2 balance_2_2 8
 z_2_2 setup_2_2 1
 z_2_2 hours_2 8
 z_2_3 obj 3
 z_2_3 balance_2_3 8
 z_2_3 setup_2_3 1
 z_2_3 hours_3 8
 z_2_4 obj 3
 z_2_4 balance_2_4 8
 z_2_4 setup_2_4 1
 z_2_4 hours_4 8
 z_2_5 obj 3
 z_2_5 balance_2_5 8
 z_2_5 setup_2_5 1
 z_2_5 hours_5 8
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
 RHS balance_0_0 58
 RHS balance_0_1 11
 RHS balance_0_2 17
 RHS balance_0_3 51
 RHS balance_0_4 58
 RHS balance_0_5 22
 RHS balance_1_0 25
 RHS balance_1_1 54
 RHS balance_1_2 31
 RHS balance_1_3 23
 RHS balance_1_4 52
 RHS balance_1_5 23
 RHS balance_2_0 30
 RHS balance_2_1 42
 RHS balance_2_2 38
 RHS balance_2_3 14
 RHS balance_2_4 11
 RHS balance_2_5 54
 RHS hours_0 405
 RHS room_0 203
 RHS room_1 70
 RHS hours_2 96
 RHS room_2 42
 RHS hours_3 133
 RHS room_3 22
 RHS hours_4 208
 RHS room_4 36
 RHS hours_5 138
 RHS room_5 12
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
 UP BND z_0_0 20
 UP BND z_0_1 20
 UP BND z_0_2 20
 UP BND z_0_3 20
 UP BND z_0_4 20
 UP BND z_0_5 20
 UP BND z_1_0 24
 UP BND z_1_1 24
 UP BND z_1_2 24
 UP BND z_1_3 24
 UP BND z_1_4 24
 UP BND z_1_5 24
 UP BND z_2_0 14
 UP BND z_2_1 14
 UP BND z_2_2 14
 UP BND z_2_3 14
 UP BND z_2_4 14
 UP BND z_2_5 14
ENDATA
