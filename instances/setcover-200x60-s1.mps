NAME setcover-200x60-s1
ROWS
 N obj
 G element_0
 G element_1
 G element_2
 G element_3
 G element_4
 G element_5
 G element_6
 G element_7
 G element_8
 G element_9
 G element_10
 G element_11
 G element_12
 G element_13
 G element_14
 G element_15
 G element_16
 G element_17
 G element_18
 G element_19
 G element_20
 G element_21
 G element_22
 G element_23
 G element_24
 G element_25
 G element_26
 G element_27
 G element_28
 G element_29
 G element_30
 G element_31
 G element_32
 G element_33
 G element_34
 G element_35
 G element_36
 G element_37
 G element_38
 G element_39
 G element_40
 G element_41
 G element_42
 G element_43
 G element_44
 G element_45
 G element_46
 G element_47
 G element_48
 G element_49
 G element_50
 G element_51
 G element_52
 G element_53
 G element_54
 G element_55
 G element_56
 G element_57
 G element_58
 G element_59
 G element_60
 G element_61
 G element_62
 G element_63
 G element_64
 G element_65
 G element_66
 G element_67
 G element_68
 G element_69
 G element_70
 G element_71
 G element_72
 G element_73
 G element_74
 G element_75
 G element_76
 G element_77
 G element_78
 G element_79
 G element_80
 G element_81
 G element_82
 G element_83
 G element_84
 G element_85
 G element_86
 G element_87
 G element_88
 G element_89
 G element_90
 G element_91
 G element_92
 G element_93
 G element_94
 G element_95
 G element_96
 G element_97
 G element_98
 G element_99
 G element_100
 G element_101
 G element_102
 G element_103
 G element_104
 G element_105
 G element_106
 G element_107
 G element_108
 G element_109
 G element_110
 G element_111
 G element_112
 G element_113
 G element_114
 G element_115
 G element_116
 G element_117
 G element_118
 G element_119
 G element_120
 G element_121
 G element_122
 G element_123
 G element_124
 G element_125
 G element_126
 G element_127
 G element_128
 G element_129
 G element_130
 G element_131
 G element_132
 G element_133
 G element_134
 G element_135
 G element_136
 G element_137
 G element_138
 G element_139
 G element_140
 G element_141
 G element_142
 G element_143
 G element_144
 G element_145
 G element_146
 G element_147
 G element_148
 G element_149
 G element_150
 G element_151
 G element_152
 G element_153
 G element_154
 G element_155
 G element_156
 G element_157
 G element_158
 G element_159
 G element_160
 G element_161
 G element_162
 G element_163
 G element_164
 G element_165
 G element_166
 G element_167
 G element_168
 G element_169
 G element_170
 G element_171
 G element_172
 G element_173
 G element_174
 G element_175
 G element_176
 G element_177
 G element_178
 G element_179
 G element_180
 G element_181
 G element_182
 G element_183
 G element_184
 G element_185
 G element_186
 G element_187
 G element_188
 G element_189
 G element_190
 G element_191
 G element_192
 G element_193
 G element_194
 G element_195
 G element_196
 G element_197
 G element_198
 G element_199
 L limit
COLUMNS
 MARKER 'MARKER' 'INTORG'
 x_0 obj 61
 x_0 element_12 1
 x_0 element_36 1
 x_0 element_47 1
 x_0 element_59 1
 x_0 element_76 1
 x_0 element_99 1
 x_0 element_101 1
 x_0 element_112 1
 x_0 element_151 1
 x_0 element_152 1
 x_0 element_172 1
 x_0 element_175 1
 x_0 element_182 1
 x_0 element_198 1
 x_0 limit 1
 x_1 obj 80
 x_1 element_37 1
 x_1 element_42 1
 x_1 element_46 1
 x_1 element_57 1
 x_1 element_68 1
 x_1 element_74 1
 x_1 element_76 1
 x_1 element_89 1
 x_1 element_100 1
 x_1 element_102 1
 x_1 element_123 1
 x_1 element_124 1
 x_1 element_137 1
 x_1 element_143 1
 x_1 element_148 1
 x_1 element_156 1
 x_1 element_159 1
 x_1 element_161 1
 x_1 element_167 1
 x_1 element_169 1
 x_1 element_177 1
 x_1 element_187 1
 x_1 limit 1
 x_2 obj 100
 x_2 element_17 1
 x_2 element_25 1
 x_2 element_31 1
 x_2 element_42 1
 x_2 element_51 1
 x_2 element_56 1
 x_2 element_103 1
 x_2 element_116 1
 x_2 element_120 1
 x_2 element_121 1
 x_2 element_144 1
 x_2 element_150 1
 x_2 element_153 1
 x_2 element_156 1
 x_2 element_173 1
 x_2 element_176 1
 x_2 element_179 1
 x_2 element_189 1
 x_2 limit 1
 x_3 obj 47
 x_3 element_2 1
 x_3 element_16 1
 x_3 element_17 1
 x_3 element_38 1
 x_3 element_52 1
 x_3 element_58 1
 x_3 element_80 1
 x_3 element_100 1
 x_3 element_115 1
 x_3 element_116 1
 x_3 element_120 1
 x_3 element_133 1
 x_3 element_137 1
 x_3 element_139 1
 x_3 element_148 1
 x_3 element_159 1
 x_3 element_164 1
 x_3 element_176 1
 x_3 element_177 1
 x_3 element_178 1
 x_3 element_195 1
 x_3 element_197 1
 x_3 limit 1
 x_4 obj 34
 x_4 element_1 1
 x_4 element_21 1
 x_4 element_32 1
 x_4 element_37 1
 x_4 element_47 1
 x_4 element_72 1
 x_4 element_80 1
 x_4 element_95 1
 x_4 element_97 1
 x_4 element_101 1
 x_4 element_102 1
 x_4 element_116 1
 x_4 element_128 1
 x_4 element_131 1
 x_4 element_132 1
 x_4 element_135 1
 x_4 element_143 1
 x_4 element_146 1
 x_4 element_172 1
 x_4 element_182 1
 x_4 element_184 1
 x_4 element_194 1
 x_4 limit 1
 x_5 obj 13
 x_5 element_6 1
 x_5 element_9 1
 x_5 element_12 1
 x_5 element_14 1
 x_5 element_20 1
 x_5 element_22 1
 x_5 element_32 1
 x_5 element_49 1
 x_5 element_50 1
 x_5 element_51 1
 x_5 element_54 1
 x_5 element_67 1
 x_5 element_81 1
 x_5 element_96 1
 x_5 element_130 1
 x_5 element_153 1
 x_5 element_176 1
 x_5 element_185 1
 x_5 element_196 1
 x_5 limit 1
 x_6 obj 95
 x_6 element_4 1
 x_6 element_11 1
 x_6 element_13 1
 x_6 element_16 1
 x_6 element_56 1
 x_6 element_61 1
 x_6 element_62 1
 x_6 element_75 1
 x_6 element_80 1
 x_6 element_97 1
 x_6 element_111 1
 x_6 element_113 1
 x_6 element_118 1
 x_6 element_127 1
 x_6 element_129 1
 x_6 element_134 1
 x_6 element_135 1
 x_6 element_141 1
 x_6 element_144 1
 x_6 element_150 1
 x_6 element_157 1
 x_6 element_160 1
 x_6 element_163 1
 x_6 element_169 1
 x_6 element_174 1
 x_6 limit 1
 x_7 obj 77
 x_7 element_5 1
 x_7 element_38 1
 x_7 element_57 1
 x_7 element_68 1
 x_7 element_81 1
 x_7 element_90 1
 x_7 element_102 1
 x_7 element_107 1
 x_7 element_114 1
 x_7 element_117 1
 x_7 element_123 1
 x_7 element_139 1
 x_7 element_166 1
 x_7 element_168 1
 x_7 element_198 1
 x_7 limit 1
 x_8 obj 17
 x_8 element_8 1
 x_8 element_25 1
 x_8 element_30 1
 x_8 element_36 1
 x_8 element_37 1
 x_8 element_46 1
 x_8 element_48 1
 x_8 element_56 1
 x_8 element_58 1
 x_8 element_77 1
 x_8 element_78 1
 x_8 element_85 1
 x_8 element_101 1
 x_8 element_102 1
 x_8 element_115 1
 x_8 element_117 1
 x_8 element_138 1
 x_8 element_158 1
 x_8 element_162 1
 x_8 element_190 1
 x_8 element_191 1
 x_8 element_193 1
 x_8 limit 1
 x_9 obj 10
 x_9 element_4 1
 x_9 element_5 1
 x_9 element_10 1
 x_9 element_25 1
 x_9 element_27 1
 x_9 element_40 1
 x_9 element_45 1
 x_9 element_62 1
 x_9 element_69 1
 x_9 element_76 1
 x_9 element_88 1
 x_9 element_91 1
 x_9 element_95 1
 x_9 element_101 1
 x_9 element_111 1
 x_9 element_123 1
 x_9 element_126 1
 x_9 element_130 1
 x_9 element_135 1
 x_9 element_136 1
 x_9 element_140 1
 x_9 element_170 1
 x_9 element_178 1
 x_9 element_180 1
 x_9 limit 1
 x_10 obj 40
 x_10 element_13 1
 x_10 element_26 1
 x_10 element_35 1
 x_10 element_48 1
 x_10 element_50 1
 x_10 element_61 1
 x_10 element_66 1
 x_10 element_69 1
 x_10 element_70 1
 x_10 element_78 1
 x_10 element_79 1
 x_10 element_83 1
 x_10 element_85 1
 x_10 element_94 1
 x_10 element_100 1
 x_10 element_108 1
 x_10 element_113 1
 x_10 element_115 1
 x_10 element_140 1
 x_10 element_156 1
 x_10 element_159 1
 x_10 element_161 1
 x_10 element_166 1
 x_10 element_170 1
 x_10 element_196 1
 x_10 element_199 1
 x_10 limit 1
 x_11 obj 59
 x_11 element_5 1
 x_11 element_6 1
 x_11 element_27 1
 x_11 element_39 1
 x_11 element_52 1
 x_11 element_65 1
 x_11 element_69 1
 x_11 element_71 1
 x_11 element_76 1
 x_11 element_77 1
 x_11 element_93 1
 x_11 element_96 1
 x_11 element_105 1
 x_11 element_126 1
 x_11 element_128 1
 x_11 element_135 1
 x_11 element_146 1
 x_11 element_147 1
 x_11 element_151 1
 x_11 element_194 1
 x_11 limit 1
 x_12 obj 72
 x_12 element_7 1
 x_12 element_10 1
 x_12 element_29 1
 x_12 element_34 1
 x_12 element_36 1
 x_12 element_64 1
 x_12 element_68 1
 x_12 element_85 1
 x_12 element_124 1
 x_12 element_133 1
 x_12 element_165 1
 x_12 element_181 1
 x_12 element_195 1
 x_12 limit 1
 x_13 obj 66
 x_13 element_3 1
 x_13 element_7 1
 x_13 element_12 1
 x_13 element_22 1
 x_13 element_23 1
 x_13 element_31 1
 x_13 element_32 1
 x_13 element_39 1
 x_13 element_63 1
 x_13 element_78 1
 x_13 element_84 1
 x_13 element_92 1
 x_13 element_107 1
 x_13 element_108 1
 x_13 element_153 1
 x_13 element_154 1
 x_13 element_165 1
 x_13 element_178 1
 x_13 element_182 1
 x_13 element_198 1
 x_13 limit 1
 x_14 obj 35
 x_14 element_36 1
 x_14 element_42 1
 x_14 element_52 1
 x_14 element_57 1
 x_14 element_73 1
 x_14 element_90 1
 x_14 element_111 1
 x_14 element_118 1
 x_14 element_133 1
 x_14 element_136 1
 x_14 element_159 1
 x_14 element_171 1
 x_14 element_174 1
 x_14 element_178 1
 x_14 element_184 1
 x_14 element_188 1
 x_14 element_197 1
 x_14 limit 1
 x_15 obj 53
 x_15 element_13 1
 x_15 element_16 1
 x_15 element_32 1
 x_15 element_44 1
 x_15 element_83 1
 x_15 element_91 1
 x_15 element_92 1
 x_15 element_103 1
 x_15 element_108 1
 x_15 element_109 1
 x_15 element_111 1
 x_15 element_117 1
 x_15 element_121 1
 x_15 element_138 1
 x_15 element_141 1
 x_15 element_142 1
 x_15 element_158 1
 x_15 element_160 1
 x_15 element_177 1
 x_15 element_189 1
 x_15 element_194 1
 x_15 element_195 1
 x_15 element_196 1
 x_15 limit 1
 x_16 obj 55
 x_16 element_11 1
 x_16 element_42 1
 x_16 element_50 1
 x_16 element_58 1
 x_16 element_100 1
 x_16 element_101 1
 x_16 element_105 1
 x_16 element_125 1
 x_16 element_144 1
 x_16 element_146 1
 x_16 element_149 1
 x_16 element_150 1
 x_16 element_156 1
 x_16 element_161 1
 x_16 element_164 1
 x_16 element_165 1
 x_16 element_167 1
 x_16 element_181 1
 x_16 element_190 1
 x_16 element_195 1
 x_16 limit 1
 x_17 obj 2
 x_17 element_20 1
 x_17 element_23 1
 x_17 element_34 1
 x_17 element_65 1
 x_17 element_82 1
 x_17 element_86 1
 x_17 element_93 1
 x_17 element_97 1
 x_17 element_147 1
 x_17 element_148 1
 x_17 element_157 1
 x_17 element_176 1
 x_17 element_177 1
 x_17 element_187 1
 x_17 element_190 1
 x_17 element_194 1
 x_17 limit 1
 x_18 obj 48
 x_18 element_15 1
 x_18 element_18 1
 x_18 element_22 1
 x_18 element_28 1
 x_18 element_30 1
 x_18 element_31 1
 x_18 element_33 1
 x_18 element_39 1
 x_18 element_43 1
 x_18 element_46 1
 x_18 element_62 1
 x_18 element_65 1
 x_18 element_71 1
 x_18 element_74 1
 x_18 element_77 1
 x_18 element_83 1
 x_18 element_89 1
 x_18 element_112 1
 x_18 element_126 1
 x_18 element_143 1
 x_18 element_145 1
 x_18 element_156 1
 x_18 element_164 1
 x_18 element_166 1
 x_18 element_169 1
 x_18 element_170 1
 x_18 element_194 1
 x_18 limit 1
 x_19 obj 94
 x_19 element_18 1
 x_19 element_20 1
 x_19 element_57 1
 x_19 element_62 1
 x_19 element_71 1
 x_19 element_74 1
 x_19 element_103 1
 x_19 element_104 1
 x_19 element_105 1
 x_19 element_118 1
 x_19 element_119 1
 x_19 element_121 1
 x_19 element_122 1
 x_19 element_127 1
 x_19 element_140 1
 x_19 element_151 1
 x_19 element_153 1
 x_19 element_163 1
 x_19 element_195 1
 x_19 limit 1
 x_20 obj 3
 x_20 element_37 1
 x_20 element_53 1
 x_20 element_65 1
 x_20 element_81 1
 x_20 element_82 1
 x_20 element_106 1
 x_20 element_110 1
 x_20 element_116 1
 x_20 element_121 1
 x_20 element_124 1
 x_20 element_125 1
 x_20 element_131 1
 x_20 element_134 1
 x_20 element_141 1
 x_20 element_147 1
 x_20 element_157 1
 x_20 element_187 1
 x_20 element_192 1
 x_20 element_193 1
 x_20 limit 1
 x_21 obj 19
 x_21 element_9 1
 x_21 element_11 1
 x_21 element_12 1
 x_21 element_33 1
 x_21 element_41 1
 x_21 element_43 1
 x_21 element_44 1
 x_21 element_46 1
 x_21 element_49 1
 x_21 element_51 1
 x_21 element_56 1
 x_21 element_59 1
 x_21 element_60 1
 x_21 element_72 1
 x_21 element_107 1
 x_21 element_113 1
 x_21 element_123 1
 x_21 element_129 1
 x_21 element_134 1
 x_21 element_138 1
 x_21 element_147 1
 x_21 element_152 1
 x_21 element_154 1
 x_21 element_156 1
 x_21 element_163 1
 x_21 element_167 1
 x_21 element_172 1
 x_21 element_175 1
 x_21 element_176 1
 x_21 element_183 1
 x_21 limit 1
 x_22 obj 17
 x_22 element_1 1
 x_22 element_11 1
 x_22 element_34 1
 x_22 element_43 1
 x_22 element_48 1
 x_22 element_57 1
 x_22 element_66 1
 x_22 element_73 1
 x_22 element_106 1
 x_22 element_114 1
 x_22 element_117 1
 x_22 element_120 1
 x_22 element_137 1
 x_22 element_153 1
 x_22 element_154 1
 x_22 element_168 1
 x_22 element_171 1
 x_22 element_197 1
 x_22 limit 1
 x_23 obj 58
 x_23 element_2 1
 x_23 element_9 1
 x_23 element_12 1
 x_23 element_20 1
 x_23 element_23 1
 x_23 element_29 1
 x_23 element_47 1
 x_23 element_48 1
 x_23 element_76 1
 x_23 element_83 1
 x_23 element_84 1
 x_23 element_87 1
 x_23 element_92 1
 x_23 element_97 1
 x_23 element_98 1
 x_23 element_124 1
 x_23 element_141 1
 x_23 element_147 1
 x_23 element_181 1
 x_23 element_196 1
 x_23 limit 1
 x_24 obj 12
 x_24 element_0 1
 x_24 element_4 1
 x_24 element_8 1
 x_24 element_30 1
 x_24 element_32 1
 x_24 element_36 1
 x_24 element_38 1
 x_24 element_39 1
 x_24 element_61 1
 x_24 element_63 1
 x_24 element_69 1
 x_24 element_75 1
 x_24 element_88 1
 x_24 element_99 1
 x_24 element_111 1
 x_24 element_138 1
 x_24 element_139 1
 x_24 element_143 1
 x_24 element_144 1
 x_24 element_149 1
 x_24 element_152 1
 x_24 element_155 1
 x_24 element_174 1
 x_24 element_179 1
 x_24 element_180 1
 x_24 element_191 1
 x_24 element_192 1
 x_24 limit 1
 x_25 obj 85
 x_25 element_0 1
 x_25 element_23 1
 x_25 element_31 1
 x_25 element_35 1
 x_25 element_46 1
 x_25 element_55 1
 x_25 element_58 1
 x_25 element_64 1
 x_25 element_66 1
 x_25 element_69 1
 x_25 element_87 1
 x_25 element_96 1
 x_25 element_98 1
 x_25 element_105 1
 x_25 element_119 1
 x_25 element_125 1
 x_25 element_145 1
 x_25 element_148 1
 x_25 element_157 1
 x_25 element_160 1
 x_25 element_185 1
 x_25 element_195 1
 x_25 limit 1
 x_26 obj 84
 x_26 element_26 1
 x_26 element_34 1
 x_26 element_40 1
 x_26 element_46 1
 x_26 element_49 1
 x_26 element_57 1
 x_26 element_66 1
 x_26 element_67 1
 x_26 element_68 1
 x_26 element_70 1
 x_26 element_85 1
 x_26 element_98 1
 x_26 element_107 1
 x_26 element_119 1
 x_26 element_132 1
 x_26 element_154 1
 x_26 limit 1
 x_27 obj 35
 x_27 element_0 1
 x_27 element_2 1
 x_27 element_13 1
 x_27 element_19 1
 x_27 element_24 1
 x_27 element_37 1
 x_27 element_72 1
 x_27 element_75 1
 x_27 element_77 1
 x_27 element_160 1
 x_27 element_165 1
 x_27 element_171 1
 x_27 element_185 1
 x_27 element_192 1
 x_27 element_193 1
 x_27 limit 1
 x_28 obj 56
 x_28 element_14 1
 x_28 element_24 1
 x_28 element_27 1
 x_28 element_38 1
 x_28 element_53 1
 x_28 element_54 1
 x_28 element_68 1
 x_28 element_79 1
 x_28 element_95 1
 x_28 element_102 1
 x_28 element_110 1
 x_28 element_113 1
 x_28 element_115 1
 x_28 element_172 1
 x_28 element_181 1
 x_28 element_189 1
 x_28 limit 1
 x_29 obj 46
 x_29 element_3 1
 x_29 element_8 1
 x_29 element_11 1
 x_29 element_13 1
 x_29 element_30 1
 x_29 element_40 1
 x_29 element_44 1
 x_29 element_76 1
 x_29 element_106 1
 x_29 element_109 1
 x_29 element_120 1
 x_29 element_127 1
 x_29 element_128 1
 x_29 element_148 1
 x_29 element_149 1
 x_29 element_178 1
 x_29 element_188 1
 x_29 element_197 1
 x_29 limit 1
 x_30 obj 65
 x_30 element_4 1
 x_30 element_7 1
 x_30 element_14 1
 x_30 element_19 1
 x_30 element_26 1
 x_30 element_30 1
 x_30 element_47 1
 x_30 element_72 1
 x_30 element_90 1
 x_30 element_131 1
 x_30 element_140 1
 x_30 element_155 1
 x_30 element_160 1
 x_30 element_169 1
 x_30 element_171 1
 x_30 element_185 1
 x_30 element_186 1
 x_30 element_199 1
 x_30 limit 1
 x_31 obj 63
 x_31 element_0 1
 x_31 element_15 1
 x_31 element_16 1
 x_31 element_42 1
 x_31 element_49 1
 x_31 element_87 1
 x_31 element_89 1
 x_31 element_103 1
 x_31 element_104 1
 x_31 element_105 1
 x_31 element_109 1
 x_31 element_111 1
 x_31 element_112 1
 x_31 element_116 1
 x_31 element_132 1
 x_31 element_143 1
 x_31 element_146 1
 x_31 element_167 1
 x_31 element_169 1
 x_31 element_180 1
 x_31 element_190 1
 x_31 element_197 1
 x_31 limit 1
 x_32 obj 16
 x_32 element_3 1
 x_32 element_15 1
 x_32 element_21 1
 x_32 element_28 1
 x_32 element_34 1
 x_32 element_38 1
 x_32 element_54 1
 x_32 element_60 1
 x_32 element_66 1
 x_32 element_72 1
 x_32 element_79 1
 x_32 element_121 1
 x_32 element_122 1
 x_32 element_127 1
 x_32 element_137 1
 x_32 element_141 1
 x_32 element_152 1
 x_32 element_158 1
 x_32 element_162 1
 x_32 element_173 1
 x_32 element_176 1
 x_32 element_182 1
 x_32 element_188 1
 x_32 element_190 1
 x_32 limit 1
 x_33 obj 69
 x_33 element_3 1
 x_33 element_7 1
 x_33 element_21 1
 x_33 element_31 1
 x_33 element_32 1
 x_33 element_41 1
 x_33 element_42 1
 x_33 element_53 1
 x_33 element_65 1
 x_33 element_79 1
 x_33 element_88 1
 x_33 element_91 1
 x_33 element_96 1
 x_33 element_114 1
 x_33 element_117 1
 x_33 element_127 1
 x_33 element_128 1
 x_33 element_135 1
 x_33 element_143 1
 x_33 element_157 1
 x_33 element_164 1
 x_33 element_166 1
 x_33 element_191 1
 x_33 limit 1
 x_34 obj 79
 x_34 element_1 1
 x_34 element_9 1
 x_34 element_51 1
 x_34 element_64 1
 x_34 element_75 1
 x_34 element_84 1
 x_34 element_88 1
 x_34 element_95 1
 x_34 element_101 1
 x_34 element_110 1
 x_34 element_115 1
 x_34 element_145 1
 x_34 element_173 1
 x_34 element_185 1
 x_34 element_192 1
 x_34 limit 1
 x_35 obj 39
 x_35 element_2 1
 x_35 element_6 1
 x_35 element_18 1
 x_35 element_20 1
 x_35 element_44 1
 x_35 element_55 1
 x_35 element_56 1
 x_35 element_58 1
 x_35 element_59 1
 x_35 element_82 1
 x_35 element_86 1
 x_35 element_87 1
 x_35 element_99 1
 x_35 element_106 1
 x_35 element_108 1
 x_35 element_115 1
 x_35 element_120 1
 x_35 element_128 1
 x_35 element_139 1
 x_35 element_145 1
 x_35 element_151 1
 x_35 element_181 1
 x_35 element_189 1
 x_35 element_199 1
 x_35 limit 1
 x_36 obj 30
 x_36 element_6 1
 x_36 element_21 1
 x_36 element_23 1
 x_36 element_33 1
 x_36 element_51 1
 x_36 element_52 1
 x_36 element_60 1
 x_36 element_71 1
 x_36 element_80 1
 x_36 element_94 1
 x_36 element_95 1
 x_36 element_96 1
 x_36 element_109 1
 x_36 element_118 1
 x_36 element_130 1
 x_36 element_133 1
 x_36 element_142 1
 x_36 element_155 1
 x_36 element_159 1
 x_36 element_165 1
 x_36 element_168 1
 x_36 element_170 1
 x_36 element_173 1
 x_36 element_186 1
 x_36 limit 1
 x_37 obj 73
 x_37 element_1 1
 x_37 element_3 1
 x_37 element_8 1
 x_37 element_19 1
 x_37 element_28 1
 x_37 element_55 1
 x_37 element_62 1
 x_37 element_73 1
 x_37 element_79 1
 x_37 element_93 1
 x_37 element_94 1
 x_37 element_97 1
 x_37 element_108 1
 x_37 element_112 1
 x_37 element_127 1
 x_37 element_129 1
 x_37 element_137 1
 x_37 element_146 1
 x_37 element_166 1
 x_37 element_168 1
 x_37 element_174 1
 x_37 element_184 1
 x_37 element_186 1
 x_37 limit 1
 x_38 obj 32
 x_38 element_16 1
 x_38 element_18 1
 x_38 element_24 1
 x_38 element_41 1
 x_38 element_48 1
 x_38 element_49 1
 x_38 element_55 1
 x_38 element_59 1
 x_38 element_78 1
 x_38 element_86 1
 x_38 element_98 1
 x_38 element_110 1
 x_38 element_126 1
 x_38 element_130 1
 x_38 element_145 1
 x_38 element_148 1
 x_38 element_179 1
 x_38 element_198 1
 x_38 limit 1
 x_39 obj 37
 x_39 element_19 1
 x_39 element_35 1
 x_39 element_48 1
 x_39 element_72 1
 x_39 element_90 1
 x_39 element_99 1
 x_39 element_104 1
 x_39 element_109 1
 x_39 element_118 1
 x_39 element_119 1
 x_39 element_124 1
 x_39 element_129 1
 x_39 element_142 1
 x_39 element_149 1
 x_39 element_157 1
 x_39 element_161 1
 x_39 element_172 1
 x_39 element_183 1
 x_39 limit 1
 x_40 obj 76
 x_40 element_7 1
 x_40 element_13 1
 x_40 element_19 1
 x_40 element_22 1
 x_40 element_24 1
 x_40 element_61 1
 x_40 element_67 1
 x_40 element_70 1
 x_40 element_83 1
 x_40 element_102 1
 x_40 element_103 1
 x_40 element_106 1
 x_40 element_108 1
 x_40 element_110 1
 x_40 element_155 1
 x_40 element_164 1
 x_40 element_180 1
 x_40 element_186 1
 x_40 element_192 1
 x_40 limit 1
 x_41 obj 33
 x_41 element_1 1
 x_41 element_4 1
 x_41 element_21 1
 x_41 element_23 1
 x_41 element_31 1
 x_41 element_45 1
 x_41 element_56 1
 x_41 element_83 1
 x_41 element_86 1
 x_41 element_99 1
 x_41 element_103 1
 x_41 element_130 1
 x_41 element_144 1
 x_41 element_145 1
 x_41 element_174 1
 x_41 element_189 1
 x_41 limit 1
 x_42 obj 3
 x_42 element_17 1
 x_42 element_18 1
 x_42 element_43 1
 x_42 element_45 1
 x_42 element_50 1
 x_42 element_71 1
 x_42 element_73 1
 x_42 element_77 1
 x_42 element_81 1
 x_42 element_92 1
 x_42 element_134 1
 x_42 element_136 1
 x_42 element_152 1
 x_42 element_154 1
 x_42 element_171 1
 x_42 element_180 1
 x_42 element_184 1
 x_42 element_192 1
 x_42 limit 1
 x_43 obj 64
 x_43 element_20 1
 x_43 element_28 1
 x_43 element_40 1
 x_43 element_43 1
 x_43 element_61 1
 x_43 element_67 1
 x_43 element_75 1
 x_43 element_82 1
 x_43 element_91 1
 x_43 element_93 1
 x_43 element_100 1
 x_43 element_104 1
 x_43 element_120 1
 x_43 element_122 1
 x_43 element_131 1
 x_43 element_132 1
 x_43 element_137 1
 x_43 element_147 1
 x_43 element_154 1
 x_43 element_155 1
 x_43 element_160 1
 x_43 element_172 1
 x_43 element_184 1
 x_43 element_191 1
 x_43 element_197 1
 x_43 element_199 1
 x_43 limit 1
 x_44 obj 14
 x_44 element_0 1
 x_44 element_3 1
 x_44 element_10 1
 x_44 element_15 1
 x_44 element_41 1
 x_44 element_44 1
 x_44 element_52 1
 x_44 element_53 1
 x_44 element_60 1
 x_44 element_63 1
 x_44 element_64 1
 x_44 element_70 1
 x_44 element_73 1
 x_44 element_91 1
 x_44 element_94 1
 x_44 element_98 1
 x_44 element_113 1
 x_44 element_122 1
 x_44 element_123 1
 x_44 element_133 1
 x_44 element_141 1
 x_44 element_180 1
 x_44 element_185 1
 x_44 element_188 1
 x_44 limit 1
 x_45 obj 20
 x_45 element_15 1
 x_45 element_33 1
 x_45 element_37 1
 x_45 element_41 1
 x_45 element_45 1
 x_45 element_53 1
 x_45 element_84 1
 x_45 element_85 1
 x_45 element_89 1
 x_45 element_107 1
 x_45 element_112 1
 x_45 element_130 1
 x_45 element_135 1
 x_45 element_146 1
 x_45 element_150 1
 x_45 element_162 1
 x_45 element_168 1
 x_45 element_175 1
 x_45 element_182 1
 x_45 element_187 1
 x_45 element_191 1
 x_45 limit 1
 x_46 obj 100
 x_46 element_14 1
 x_46 element_33 1
 x_46 element_55 1
 x_46 element_58 1
 x_46 element_63 1
 x_46 element_74 1
 x_46 element_87 1
 x_46 element_88 1
 x_46 element_104 1
 x_46 element_117 1
 x_46 element_124 1
 x_46 element_129 1
 x_46 element_142 1
 x_46 element_161 1
 x_46 element_175 1
 x_46 element_190 1
 x_46 limit 1
 x_47 obj 74
 x_47 element_2 1
 x_47 element_5 1
 x_47 element_17 1
 x_47 element_25 1
 x_47 element_27 1
 x_47 element_35 1
 x_47 element_50 1
 x_47 element_55 1
 x_47 element_66 1
 x_47 element_67 1
 x_47 element_87 1
 x_47 element_90 1
 x_47 element_91 1
 x_47 element_132 1
 x_47 element_139 1
 x_47 element_149 1
 x_47 element_150 1
 x_47 element_173 1
 x_47 element_174 1
 x_47 element_182 1
 x_47 element_183 1
 x_47 element_186 1
 x_47 element_188 1
 x_47 limit 1
 x_48 obj 87
 x_48 element_14 1
 x_48 element_22 1
 x_48 element_25 1
 x_48 element_27 1
 x_48 element_52 1
 x_48 element_62 1
 x_48 element_64 1
 x_48 element_65 1
 x_48 element_68 1
 x_48 element_70 1
 x_48 element_73 1
 x_48 element_89 1
 x_48 element_93 1
 x_48 element_125 1
 x_48 element_134 1
 x_48 element_142 1
 x_48 element_162 1
 x_48 element_165 1
 x_48 element_166 1
 x_48 element_169 1
 x_48 element_177 1
 x_48 element_178 1
 x_48 element_193 1
 x_48 element_196 1
 x_48 limit 1
 x_49 obj 6
 x_49 element_8 1
 x_49 element_16 1
 x_49 element_17 1
 x_49 element_28 1
 x_49 element_40 1
 x_49 element_47 1
 x_49 element_99 1
 x_49 element_112 1
 x_49 element_114 1
 x_49 element_121 1
 x_49 element_122 1
 x_49 element_128 1
 x_49 element_134 1
 x_49 element_150 1
 x_49 element_151 1
 x_49 element_163 1
 x_49 element_170 1
 x_49 element_181 1
 x_49 element_189 1
 x_49 element_194 1
 x_49 limit 1
 x_50 obj 46
 x_50 element_5 1
 x_50 element_6 1
 x_50 element_18 1
 x_50 element_26 1
 x_50 element_30 1
 x_50 element_44 1
 x_50 element_60 1
 x_50 element_86 1
 x_50 element_88 1
 x_50 element_119 1
 x_50 element_125 1
 x_50 element_136 1
 x_50 element_153 1
 x_50 element_163 1
 x_50 element_179 1
 x_50 element_186 1
 x_50 element_199 1
 x_50 limit 1
 x_51 obj 1
 x_51 element_9 1
 x_51 element_10 1
 x_51 element_12 1
 x_51 element_28 1
 x_51 element_45 1
 x_51 element_53 1
 x_51 element_54 1
 x_51 element_63 1
 x_51 element_86 1
 x_51 element_94 1
 x_51 element_98 1
 x_51 element_138 1
 x_51 element_139 1
 x_51 element_158 1
 x_51 element_187 1
 x_51 limit 1
 x_52 obj 70
 x_52 element_24 1
 x_52 element_26 1
 x_52 element_29 1
 x_52 element_50 1
 x_52 element_51 1
 x_52 element_59 1
 x_52 element_64 1
 x_52 element_71 1
 x_52 element_84 1
 x_52 element_100 1
 x_52 element_119 1
 x_52 element_129 1
 x_52 element_131 1
 x_52 element_142 1
 x_52 element_149 1
 x_52 element_158 1
 x_52 element_161 1
 x_52 element_163 1
 x_52 element_167 1
 x_52 element_177 1
 x_52 element_184 1
 x_52 element_188 1
 x_52 limit 1
 x_53 obj 17
 x_53 element_11 1
 x_53 element_27 1
 x_53 element_39 1
 x_53 element_41 1
 x_53 element_67 1
 x_53 element_70 1
 x_53 element_77 1
 x_53 element_78 1
 x_53 element_81 1
 x_53 element_92 1
 x_53 element_106 1
 x_53 element_116 1
 x_53 element_118 1
 x_53 element_159 1
 x_53 element_187 1
 x_53 element_198 1
 x_53 limit 1
 x_54 obj 93
 x_54 element_1 1
 x_54 element_7 1
 x_54 element_15 1
 x_54 element_35 1
 x_54 element_36 1
 x_54 element_60 1
 x_54 element_69 1
 x_54 element_74 1
 x_54 element_78 1
 x_54 element_82 1
 x_54 element_94 1
 x_54 element_109 1
 x_54 element_113 1
 x_54 element_114 1
 x_54 element_122 1
 x_54 element_140 1
 x_54 element_164 1
 x_54 element_173 1
 x_54 element_175 1
 x_54 element_179 1
 x_54 element_191 1
 x_54 element_198 1
 x_54 limit 1
 x_55 obj 67
 x_55 element_24 1
 x_55 element_26 1
 x_55 element_54 1
 x_55 element_63 1
 x_55 element_75 1
 x_55 element_80 1
 x_55 element_81 1
 x_55 element_90 1
 x_55 element_107 1
 x_55 element_125 1
 x_55 element_136 1
 x_55 element_155 1
 x_55 element_158 1
 x_55 element_162 1
 x_55 element_183 1
 x_55 limit 1
 x_56 obj 29
 x_56 element_9 1
 x_56 element_22 1
 x_56 element_29 1
 x_56 element_35 1
 x_56 element_38 1
 x_56 element_43 1
 x_56 element_45 1
 x_56 element_92 1
 x_56 element_93 1
 x_56 element_95 1
 x_56 element_110 1
 x_56 element_126 1
 x_56 element_136 1
 x_56 element_144 1
 x_56 element_152 1
 x_56 element_167 1
 x_56 element_170 1
 x_56 element_179 1
 x_56 element_193 1
 x_56 element_196 1
 x_56 limit 1
 x_57 obj 53
 x_57 element_8 1
 x_57 element_10 1
 x_57 element_14 1
 x_57 element_21 1
 x_57 element_29 1
 x_57 element_34 1
 x_57 element_54 1
 x_57 element_61 1
 x_57 element_80 1
 x_57 element_82 1
 x_57 element_85 1
 x_57 element_89 1
 x_57 element_97 1
 x_57 element_104 1
 x_57 element_114 1
 x_57 element_131 1
 x_57 element_132 1
 x_57 element_138 1
 x_57 element_140 1
 x_57 element_183 1
 x_57 limit 1
 x_58 obj 81
 x_58 element_0 1
 x_58 element_5 1
 x_58 element_6 1
 x_58 element_10 1
 x_58 element_19 1
 x_58 element_25 1
 x_58 element_29 1
 x_58 element_39 1
 x_58 element_40 1
 x_58 element_49 1
 x_58 element_59 1
 x_58 element_84 1
 x_58 element_96 1
 x_58 element_105 1
 x_58 element_123 1
 x_58 element_126 1
 x_58 element_133 1
 x_58 element_151 1
 x_58 element_183 1
 x_58 element_193 1
 x_58 limit 1
 x_59 obj 40
 x_59 element_2 1
 x_59 element_4 1
 x_59 element_17 1
 x_59 element_33 1
 x_59 element_47 1
 x_59 element_74 1
 x_59 element_79 1
 x_59 element_162 1
 x_59 element_168 1
 x_59 element_171 1
 x_59 element_175 1
 x_59 element_199 1
 x_59 limit 1
 MARKER 'MARKER' 'INTEND'
RHS
 RHS element_0 1
 RHS element_1 1
 RHS element_2 1
 RHS element_3 1
 RHS element_4 1
 RHS element_5 1
 RHS element_6 1
 RHS element_7 1
 RHS element_8 1
 RHS element_9 1
 RHS element_10 1
 RHS element_11 1
 RHS element_12 1
 RHS element_13 1
 RHS element_14 1
 RHS element_15 1
 RHS element_16 1
 RHS element_17 1
 RHS element_18 1
 RHS element_19 1
 RHS element_20 1
 RHS element_21 1
 RHS element_22 1
 RHS element_23 1
 RHS element_24 1
 RHS element_25 1
 RHS element_26 1
 RHS element_27 1
 RHS element_28 1
 RHS element_29 1
 RHS element_30 1
 RHS element_31 1
 RHS element_32 1
 RHS element_33 1
 RHS element_34 1
 RHS element_35 1
 RHS element_36 1
 RHS element_37 1
 RHS element_38 1
 RHS element_39 1
 RHS element_40 1
 RHS element_41 1
 RHS element_42 1
 RHS element_43 1
 RHS element_44 1
 RHS element_45 1
 RHS element_46 1
 RHS element_47 1
 RHS element_48 1
 RHS element_49 1
 RHS element_50 1
 RHS element_51 1
 RHS element_52 1
 RHS element_53 1
 RHS element_54 1
 RHS element_55 1
 RHS element_56 1
 RHS element_57 1
 RHS element_58 1
 RHS element_59 1
 RHS element_60 1
 RHS element_61 1
 RHS element_62 1
 RHS element_63 1
 RHS element_64 1
 RHS element_65 1
 RHS element_66 1
 RHS element_67 1
 RHS element_68 1
 RHS element_69 1
 RHS element_70 1
 RHS element_71 1
 RHS element_72 1
 RHS element_73 1
 RHS element_74 1
 RHS element_75 1
 RHS element_76 1
 RHS element_77 1
 RHS element_78 1
 RHS element_79 1
 RHS element_80 1
 RHS element_81 1
 RHS element_82 1
 RHS element_83 1
 RHS element_84 1
 RHS element_85 1
 RHS element_86 1
 RHS element_87 1
 RHS element_88 1
 RHS element_89 1
 RHS element_90 1
 RHS element_91 1
 RHS element_92 1
 RHS element_93 1
 RHS element_94 1
 RHS element_95 1
 RHS element_96 1
 RHS element_97 1
 RHS element_98 1
 RHS element_99 1
 RHS element_100 1
 RHS element_101 1
 RHS element_102 1
 RHS element_103 1
 RHS element_104 1
 RHS element_105 1
 RHS element_106 1
 RHS element_107 1
 RHS element_108 1
 RHS element_109 1
 RHS element_110 1
 RHS element_111 1
 RHS element_112 1
 RHS element_113 1
 RHS element_114 1
 RHS element_115 1
 RHS element_116 1
 RHS element_117 1
 RHS element_118 1
 RHS element_119 1
 RHS element_120 1
 RHS element_121 1
 RHS element_122 1
 RHS element_123 1
 RHS element_124 1
 RHS element_125 1
 RHS element_126 1
 RHS element_127 1
 RHS element_128 1
 RHS element_129 1
 RHS element_130 1
 RHS element_131 1
 RHS element_132 1
 RHS element_133 1
 RHS element_134 1
 RHS element_135 1
 RHS element_136 1
 RHS element_137 1
 RHS element_138 1
 RHS element_139 1
 RHS element_140 1
 RHS element_141 1
 RHS element_142 1
 RHS element_143 1
 RHS element_144 1
 RHS element_145 1
 RHS element_146 1
 RHS element_147 1
 RHS element_148 1
 RHS element_149 1
 RHS element_150 1
 RHS element_151 1
 RHS element_152 1
 RHS element_153 1
 RHS element_154 1
 RHS element_155 1
 RHS element_156 1
 RHS element_157 1
 RHS element_158 1
 RHS element_159 1
 RHS element_160 1
 RHS element_161 1
 RHS element_162 1
 RHS element_163 1
 RHS element_164 1
 RHS element_165 1
 RHS element_166 1
 RHS element_167 1
 RHS element_168 1
 RHS element_169 1
 RHS element_170 1
 RHS element_171 1
 RHS element_172 1
 RHS element_173 1
 RHS element_174 1
 RHS element_175 1
 RHS element_176 1
 RHS element_177 1
 RHS element_178 1
 RHS element_179 1
 RHS element_180 1
 RHS element_181 1
 RHS element_182 1
 RHS element_183 1
 RHS element_184 1
 RHS element_185 1
 RHS element_186 1
 RHS element_187 1
 RHS element_188 1
 RHS element_189 1
 RHS element_190 1
 RHS element_191 1
 RHS element_192 1
 RHS element_193 1
 RHS element_194 1
 RHS element_195 1
 RHS element_196 1
 RHS element_197 1
 RHS element_198 1
 RHS element_199 1
 RHS limit 17
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
 BV BND x_12
 BV BND x_13
 BV BND x_14
 BV BND x_15
 BV BND x_16
 BV BND x_17
 BV BND x_18
 BV BND x_19
 BV BND x_20
 BV BND x_21
 BV BND x_22
 BV BND x_23
 BV BND x_24
 BV BND x_25
 BV BND x_26
 BV BND x_27
 BV BND x_28
 BV BND x_29
 BV BND x_30
 BV BND x_31
 BV BND x_32
 BV BND x_33
 BV BND x_34
 BV BND x_35
 BV BND x_36
 BV BND x_37
 BV BND x_38
 BV BND x_39
 BV BND x_40
 BV BND x_41
 BV BND x_42
 BV BND x_43
 BV BND x_44
 BV BND x_45
 BV BND x_46
 BV BND x_47
 BV BND x_48
 BV BND x_49
 BV BND x_50
 BV BND x_51
 BV BND x_52
 BV BND x_53
 BV BND x_54
 BV BND x_55
 BV BND x_56
 BV BND x_57
 BV BND x_58
 BV BND x_59
ENDATA
