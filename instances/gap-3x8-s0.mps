NAME gap-3x8-s0
ROWS
 N obj
 E job_0
 E job_1
 E job_2
 E job_3
 E job_4
 E job_5
 E job_6
 E job_7
 L agent_0
 L agent_1
 L agent_2
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0_0 obj 23
 x_0_0 job_0 1
 x_0_0 agent_0 86
 x_0_1 obj 55
 x_0_1 job_1 1
 x_0_1 agent_0 64
 x_0_2 obj 60
 x_0_2 job_2 1
 x_0_2 agent_0 52
 x_0_3 obj 74
 x_0_3 job_3 1
 x_0_3 agent_0 27
 x_0_4 obj 86
 x_0_4 job_4 1
 x_0_4 agent_0 31
 x_0_5 obj 111
 x_0_5 job_5 1
 x_0_5 agent_0 5
 x_0_6 obj 110
 x_0_6 job_6 1
 x_0_6 agent_0 8
 x_0_7 obj 102
 x_0_7 job_7 1
 x_0_7 agent_0 2
 x_1_0 obj 84
 x_1_0 job_0 1
 x_1_0 agent_1 18
 x_1_1 obj 37
 x_1_1 job_1 1
 x_1_1 agent_1 82
 x_1_2 obj 36
 x_1_2 job_2 1
 x_1_2 agent_1 65
 x_1_3 obj 20
 x_1_3 job_3 1
 x_1_3 agent_1 92
 x_1_4 obj 51
 x_1_4 job_4 1
 x_1_4 agent_1 51
 x_1_5 obj 46
 x_1_5 job_5 1
 x_1_5 agent_1 61
 x_1_6 obj 13
 x_1_6 job_6 1
 x_1_6 agent_1 98
 x_1_7 obj 36
 x_1_7 job_7 1
 x_1_7 agent_1 73
 x_2_0 obj 45
 x_2_0 job_0 1
 x_2_0 agent_2 64
 x_2_1 obj 46
 x_2_1 job_1 1
 x_2_1 agent_2 55
 x_2_2 obj 45
 x_2_2 job_2 1
 x_2_2 agent_2 56
 x_2_3 obj 9
 x_2_3 job_3 1
 x_2_3 agent_2 94
 x_2_4 obj 73
 x_2_4 job_4 1
 x_2_4 agent_2 28
 x_2_5 obj 33
 x_2_5 job_5 1
 x_2_5 agent_2 82
 x_2_6 obj 44
 x_2_6 job_6 1
 x_2_6 agent_2 68
 x_2_7 obj 113
 x_2_7 job_7 1
 x_2_7 agent_2 1
 MARKER 'MARKER' 'INTEND'
RHS
 RHS job_0 1
 RHS job_1 1
 RHS job_2 1
 RHS job_3 1
 RHS job_4 1
 RHS job_5 1
 RHS job_6 1
 RHS job_7 1
 RHS agent_0 91
 RHS agent_1 180
 RHS agent_2 149
BOUNDS
 BV BND x_0_0
 BV BND x_0_1
 BV BND x_0_2
 BV BND x_0_3
 BV BND x_0_4
 BV BND x_0_5
 BV BND x_0_6
 BV BND x_0_7
 BV BND x_1_0
 BV BND x_1_1
 BV BND x_1_2
 BV BND x_1_3
 BV BND x_1_4
 BV BND x_1_5
 BV BND x_1_6
 BV BND x_1_7
 BV BND x_2_0
 BV BND x_2_1
 BV BND x_2_2
 BV BND x_2_3
 BV BND x_2_4
 BV BND x_2_5
 BV BND x_2_6
 BV BND x_2_7
ENDATA
