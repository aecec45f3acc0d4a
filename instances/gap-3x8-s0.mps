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
 x_0_0 obj 83
 x_0_0 job_0 1
 x_0_0 agent_0 26
 x_0_1 obj 49
 x_0_1 job_1 1
 x_0_1 agent_0 62
 x_0_2 obj 39
 x_0_2 job_2 1
 x_0_2 agent_0 77
 x_0_3 obj 80
 x_0_3 job_3 1
 x_0_3 agent_0 39
 x_0_4 obj 55
 x_0_4 job_4 1
 x_0_4 agent_0 47
 x_0_5 obj 20
 x_0_5 job_5 1
 x_0_5 agent_0 100
 x_0_6 obj 31
 x_0_6 job_6 1
 x_0_6 agent_0 81
 x_0_7 obj 9
 x_0_7 job_7 1
 x_0_7 agent_0 99
 x_1_0 obj 77
 x_1_0 job_0 1
 x_1_0 agent_1 38
 x_1_1 obj 44
 x_1_1 job_1 1
 x_1_1 agent_1 69
 x_1_2 obj 10
 x_1_2 job_2 1
 x_1_2 agent_1 96
 x_1_3 obj 41
 x_1_3 job_3 1
 x_1_3 agent_1 66
 x_1_4 obj 31
 x_1_4 job_4 1
 x_1_4 agent_1 85
 x_1_5 obj 44
 x_1_5 job_5 1
 x_1_5 agent_1 69
 x_1_6 obj 40
 x_1_6 job_6 1
 x_1_6 agent_1 71
 x_1_7 obj 69
 x_1_7 job_7 1
 x_1_7 agent_1 39
 x_2_0 obj 28
 x_2_0 job_0 1
 x_2_0 agent_2 88
 x_2_1 obj 95
 x_2_1 job_1 1
 x_2_1 agent_2 14
 x_2_2 obj 49
 x_2_2 job_2 1
 x_2_2 agent_2 58
 x_2_3 obj 46
 x_2_3 job_3 1
 x_2_3 agent_2 73
 x_2_4 obj 21
 x_2_4 job_4 1
 x_2_4 agent_2 85
 x_2_5 obj 52
 x_2_5 job_5 1
 x_2_5 agent_2 53
 x_2_6 obj 77
 x_2_6 job_6 1
 x_2_6 agent_2 38
 x_2_7 obj 82
 x_2_7 job_7 1
 x_2_7 agent_2 32
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
 RHS agent_0 159
 RHS agent_1 159
 RHS agent_2 132
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
