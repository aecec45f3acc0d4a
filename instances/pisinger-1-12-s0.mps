NAME pisinger-1-12-s0
ROWS
 N obj
 L capacity
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj -504
 x_0 capacity 851
 x_1 obj -607
 x_1 capacity 637
 x_2 obj -971
 x_2 capacity 512
 x_3 obj -730
 x_3 capacity 270
 x_4 obj -633
 x_4 capacity 308
 x_5 obj -544
 x_5 capacity 41
 x_6 obj -560
 x_6 capacity 76
 x_7 obj -936
 x_7 capacity 17
 x_8 obj -278
 x_8 capacity 176
 x_9 obj -816
 x_9 capacity 814
 x_10 obj -671
 x_10 capacity 650
 x_11 obj -3
 x_11 capacity 913
 MARKER 'MARKER' 'INTEND'
RHS
 RHS capacity 2632
BOUNDS
 BV BND x_0
 BV BND x_1
 BV BND x_2
 BV BND x_3
 BV BND x_4
 BV BND x_5
 BV BND x_6
 BV BND x_7
 BV BND x_8
 BV BND x_9
 BV BND x_10
 BV BND x_11
ENDATA
