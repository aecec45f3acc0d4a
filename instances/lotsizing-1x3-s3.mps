NAME lotsizing-1x3-s3
ROWS
 N obj
 E balance_0_0
 L setup_0_0
 E balance_0_1
 L setup_0_1
 E balance_0_2
 L setup_0_2
 L hours_0
 L room_0
 L hours_1
 L room_1
 L hours_2
 L room_2
COLUMNS
 MARKER 'MARKER' 'INTORG'
 y_0_0 obj 181
 y_0_0 setup_0_0 -12
 y_0_0 hours_0 7
 y_0_1 obj 181
 y_0_1 setup_0_1 -12
 y_0_1 hours_1 7
 y_0_2 obj 181
 y_0_2 setup_0_2 -12
 y_0_2 hours_2 7
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
 s_0_2 room_2 1
RHS
 RHS balance_0_0 14
 RHS balance_0_1 19
 RHS balance_0_2 22
 RHS hours_0 126
 RHS room_0 84
 RHS hours_1 126
 RHS room_1 84
 RHS hours_2 126
 RHS room_2 84
BOUNDS
 BV BND y_0_0
 BV BND y_0_1
 BV BND y_0_2
 UP BND z_0_0 12
 UP BND z_0_1 12
 UP BND z_0_2 12
ENDATA
