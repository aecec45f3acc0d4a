NAME t
ROWS
 N obj
 L c1
 G c2
COLUMNS
 x obj 1 c1 1
 x c2 1
 y obj 2 c1 1
RHS
 R c1 1
 S c2 1
ENDATA
