NAME setcover-200x60-s2
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
 x_0 obj 30
 x_0 element_7 1
 x_0 element_18 1
 x_0 element_45 1
 x_0 element_55 1
 x_0 element_62 1
 x_0 element_65 1
 x_0 element_83 1
 x_0 element_89 1
 x_0 element_91 1
 x_0 element_98 1
 x_0 element_109 1
 x_0 element_129 1
 x_0 element_131 1
 x_0 element_139 1
 x_0 element_153 1
 x_0 element_157 1
 x_0 element_160 1
 x_0 element_175 1
 x_0 element_180 1
 x_0 element_182 1
 x_0 limit 1
 x_1 obj 58
 x_1 element_11 1
 x_1 element_13 1
 x_1 element_14 1
 x_1 element_26 1
 x_1 element_33 1
 x_1 element_44 1
 x_1 element_45 1
 x_1 element_59 1
 x_1 element_60 1
 x_1 element_64 1
 x_1 element_80 1
 x_1 element_84 1
 x_1 element_119 1
 x_1 element_150 1
 x_1 element_154 1
 x_1 element_163 1
 x_1 element_164 1
 x_1 element_178 1
 x_1 limit 1
 x_2 obj 81
 x_2 element_1 1
 x_2 element_11 1
 x_2 element_21 1
 x_2 element_42 1
 x_2 element_66 1
 x_2 element_82 1
 x_2 element_102 1
 x_2 element_105 1
 x_2 element_113 1
 x_2 element_137 1
 x_2 element_138 1
 x_2 element_143 1
 x_2 element_145 1
 x_2 element_166 1
 x_2 element_170 1
 x_2 element_187 1
 x_2 element_191 1
 x_2 element_199 1
 x_2 limit 1
 x_3 obj 84
 x_3 element_5 1
 x_3 element_8 1
 x_3 element_20 1
 x_3 element_23 1
 x_3 element_26 1
 x_3 element_28 1
 x_3 element_36 1
 x_3 element_47 1
 x_3 element_50 1
 x_3 element_51 1
 x_3 element_60 1
 x_3 element_63 1
 x_3 element_70 1
 x_3 element_77 1
 x_3 element_117 1
 x_3 element_146 1
 x_3 element_166 1
 x_3 element_170 1
 x_3 element_176 1
 x_3 element_192 1
 x_3 element_193 1
 x_3 limit 1
 x_4 obj 87
 x_4 element_19 1
 x_4 element_34 1
 x_4 element_46 1
 x_4 element_48 1
 x_4 element_78 1
 x_4 element_79 1
 x_4 element_121 1
 x_4 element_125 1
 x_4 element_131 1
 x_4 element_135 1
 x_4 element_143 1
 x_4 element_149 1
 x_4 element_155 1
 x_4 element_163 1
 x_4 element_164 1
 x_4 element_168 1
 x_4 element_188 1
 x_4 limit 1
 x_5 obj 11
 x_5 element_2 1
 x_5 element_7 1
 x_5 element_10 1
 x_5 element_16 1
 x_5 element_21 1
 x_5 element_32 1
 x_5 element_35 1
 x_5 element_53 1
 x_5 element_64 1
 x_5 element_74 1
 x_5 element_81 1
 x_5 element_83 1
 x_5 element_107 1
 x_5 element_112 1
 x_5 element_138 1
 x_5 element_142 1
 x_5 element_172 1
 x_5 element_183 1
 x_5 element_186 1
 x_5 limit 1
 x_6 obj 7
 x_6 element_12 1
 x_6 element_13 1
 x_6 element_14 1
 x_6 element_15 1
 x_6 element_21 1
 x_6 element_35 1
 x_6 element_41 1
 x_6 element_46 1
 x_6 element_51 1
 x_6 element_55 1
 x_6 element_69 1
 x_6 element_73 1
 x_6 element_74 1
 x_6 element_82 1
 x_6 element_118 1
 x_6 element_125 1
 x_6 element_132 1
 x_6 element_137 1
 x_6 element_145 1
 x_6 element_159 1
 x_6 element_165 1
 x_6 element_184 1
 x_6 element_195 1
 x_6 limit 1
 x_7 obj 36
 x_7 element_2 1
 x_7 element_12 1
 x_7 element_13 1
 x_7 element_28 1
 x_7 element_40 1
 x_7 element_46 1
 x_7 element_49 1
 x_7 element_59 1
 x_7 element_61 1
 x_7 element_82 1
 x_7 element_88 1
 x_7 element_106 1
 x_7 element_114 1
 x_7 element_120 1
 x_7 element_140 1
 x_7 element_166 1
 x_7 element_197 1
 x_7 element_198 1
 x_7 limit 1
 x_8 obj 13
 x_8 element_6 1
 x_8 element_14 1
 x_8 element_25 1
 x_8 element_26 1
 x_8 element_29 1
 x_8 element_39 1
 x_8 element_44 1
 x_8 element_45 1
 x_8 element_66 1
 x_8 element_67 1
 x_8 element_69 1
 x_8 element_76 1
 x_8 element_93 1
 x_8 element_140 1
 x_8 element_171 1
 x_8 element_177 1
 x_8 element_192 1
 x_8 element_194 1
 x_8 element_199 1
 x_8 limit 1
 x_9 obj 49
 x_9 element_3 1
 x_9 element_19 1
 x_9 element_21 1
 x_9 element_28 1
 x_9 element_57 1
 x_9 element_60 1
 x_9 element_68 1
 x_9 element_69 1
 x_9 element_91 1
 x_9 element_119 1
 x_9 element_120 1
 x_9 element_123 1
 x_9 element_126 1
 x_9 element_135 1
 x_9 element_136 1
 x_9 element_168 1
 x_9 element_172 1
 x_9 element_182 1
 x_9 element_189 1
 x_9 element_197 1
 x_9 limit 1
 x_10 obj 9
 x_10 element_9 1
 x_10 element_23 1
 x_10 element_26 1
 x_10 element_30 1
 x_10 element_46 1
 x_10 element_56 1
 x_10 element_73 1
 x_10 element_74 1
 x_10 element_76 1
 x_10 element_84 1
 x_10 element_86 1
 x_10 element_93 1
 x_10 element_94 1
 x_10 element_98 1
 x_10 element_112 1
 x_10 element_115 1
 x_10 element_121 1
 x_10 element_124 1
 x_10 element_125 1
 x_10 element_138 1
 x_10 element_156 1
 x_10 element_158 1
 x_10 element_168 1
 x_10 element_183 1
 x_10 limit 1
 x_11 obj 85
 x_11 element_3 1
 x_11 element_6 1
 x_11 element_9 1
 x_11 element_15 1
 x_11 element_16 1
 x_11 element_18 1
 x_11 element_38 1
 x_11 element_43 1
 x_11 element_58 1
 x_11 element_70 1
 x_11 element_99 1
 x_11 element_101 1
 x_11 element_105 1
 x_11 element_106 1
 x_11 element_170 1
 x_11 element_182 1
 x_11 element_196 1
 x_11 limit 1
 x_12 obj 26
 x_12 element_38 1
 x_12 element_40 1
 x_12 element_61 1
 x_12 element_63 1
 x_12 element_78 1
 x_12 element_100 1
 x_12 element_104 1
 x_12 element_116 1
 x_12 element_120 1
 x_12 element_129 1
 x_12 element_140 1
 x_12 element_150 1
 x_12 element_170 1
 x_12 element_189 1
 x_12 limit 1
 x_13 obj 61
 x_13 element_7 1
 x_13 element_11 1
 x_13 element_14 1
 x_13 element_30 1
 x_13 element_38 1
 x_13 element_54 1
 x_13 element_57 1
 x_13 element_69 1
 x_13 element_73 1
 x_13 element_74 1
 x_13 element_92 1
 x_13 element_108 1
 x_13 element_109 1
 x_13 element_129 1
 x_13 element_134 1
 x_13 element_143 1
 x_13 element_154 1
 x_13 element_165 1
 x_13 element_167 1
 x_13 element_172 1
 x_13 element_173 1
 x_13 element_184 1
 x_13 element_188 1
 x_13 element_194 1
 x_13 element_199 1
 x_13 limit 1
 x_14 obj 83
 x_14 element_29 1
 x_14 element_32 1
 x_14 element_34 1
 x_14 element_38 1
 x_14 element_56 1
 x_14 element_70 1
 x_14 element_89 1
 x_14 element_94 1
 x_14 element_95 1
 x_14 element_107 1
 x_14 element_124 1
 x_14 element_128 1
 x_14 element_141 1
 x_14 element_146 1
 x_14 element_147 1
 x_14 element_151 1
 x_14 element_152 1
 x_14 element_167 1
 x_14 element_169 1
 x_14 element_174 1
 x_14 element_181 1
 x_14 element_183 1
 x_14 limit 1
 x_15 obj 86
 x_15 element_10 1
 x_15 element_27 1
 x_15 element_32 1
 x_15 element_52 1
 x_15 element_61 1
 x_15 element_70 1
 x_15 element_74 1
 x_15 element_92 1
 x_15 element_96 1
 x_15 element_143 1
 x_15 element_153 1
 x_15 element_161 1
 x_15 element_162 1
 x_15 element_166 1
 x_15 element_171 1
 x_15 element_182 1
 x_15 element_188 1
 x_15 limit 1
 x_16 obj 37
 x_16 element_13 1
 x_16 element_17 1
 x_16 element_19 1
 x_16 element_22 1
 x_16 element_23 1
 x_16 element_29 1
 x_16 element_35 1
 x_16 element_48 1
 x_16 element_51 1
 x_16 element_55 1
 x_16 element_84 1
 x_16 element_87 1
 x_16 element_90 1
 x_16 element_106 1
 x_16 element_109 1
 x_16 element_122 1
 x_16 element_139 1
 x_16 element_186 1
 x_16 element_192 1
 x_16 element_195 1
 x_16 limit 1
 x_17 obj 9
 x_17 element_7 1
 x_17 element_10 1
 x_17 element_20 1
 x_17 element_29 1
 x_17 element_40 1
 x_17 element_56 1
 x_17 element_78 1
 x_17 element_86 1
 x_17 element_87 1
 x_17 element_102 1
 x_17 element_103 1
 x_17 element_118 1
 x_17 element_120 1
 x_17 element_127 1
 x_17 element_145 1
 x_17 element_149 1
 x_17 element_156 1
 x_17 element_179 1
 x_17 element_188 1
 x_17 element_194 1
 x_17 element_197 1
 x_17 limit 1
 x_18 obj 92
 x_18 element_9 1
 x_18 element_34 1
 x_18 element_50 1
 x_18 element_65 1
 x_18 element_86 1
 x_18 element_89 1
 x_18 element_95 1
 x_18 element_106 1
 x_18 element_109 1
 x_18 element_134 1
 x_18 element_152 1
 x_18 element_161 1
 x_18 element_162 1
 x_18 element_173 1
 x_18 element_175 1
 x_18 element_185 1
 x_18 element_187 1
 x_18 element_193 1
 x_18 limit 1
 x_19 obj 66
 x_19 element_27 1
 x_19 element_28 1
 x_19 element_33 1
 x_19 element_36 1
 x_19 element_39 1
 x_19 element_71 1
 x_19 element_77 1
 x_19 element_82 1
 x_19 element_89 1
 x_19 element_101 1
 x_19 element_113 1
 x_19 element_124 1
 x_19 element_130 1
 x_19 element_142 1
 x_19 element_153 1
 x_19 element_161 1
 x_19 element_173 1
 x_19 element_182 1
 x_19 element_186 1
 x_19 element_190 1
 x_19 limit 1
 x_20 obj 49
 x_20 element_15 1
 x_20 element_18 1
 x_20 element_27 1
 x_20 element_38 1
 x_20 element_43 1
 x_20 element_49 1
 x_20 element_52 1
 x_20 element_54 1
 x_20 element_60 1
 x_20 element_64 1
 x_20 element_75 1
 x_20 element_81 1
 x_20 element_83 1
 x_20 element_85 1
 x_20 element_104 1
 x_20 element_107 1
 x_20 element_121 1
 x_20 element_130 1
 x_20 element_138 1
 x_20 element_162 1
 x_20 element_169 1
 x_20 element_179 1
 x_20 element_180 1
 x_20 limit 1
 x_21 obj 45
 x_21 element_2 1
 x_21 element_9 1
 x_21 element_21 1
 x_21 element_28 1
 x_21 element_32 1
 x_21 element_33 1
 x_21 element_41 1
 x_21 element_64 1
 x_21 element_66 1
 x_21 element_75 1
 x_21 element_84 1
 x_21 element_92 1
 x_21 element_98 1
 x_21 element_100 1
 x_21 element_110 1
 x_21 element_111 1
 x_21 element_117 1
 x_21 element_128 1
 x_21 element_157 1
 x_21 element_160 1
 x_21 element_170 1
 x_21 element_179 1
 x_21 element_186 1
 x_21 limit 1
 x_22 obj 76
 x_22 element_15 1
 x_22 element_20 1
 x_22 element_39 1
 x_22 element_45 1
 x_22 element_47 1
 x_22 element_50 1
 x_22 element_61 1
 x_22 element_75 1
 x_22 element_76 1
 x_22 element_80 1
 x_22 element_89 1
 x_22 element_94 1
 x_22 element_95 1
 x_22 element_98 1
 x_22 element_99 1
 x_22 element_101 1
 x_22 element_112 1
 x_22 element_129 1
 x_22 element_143 1
 x_22 element_149 1
 x_22 element_162 1
 x_22 element_174 1
 x_22 element_191 1
 x_22 element_194 1
 x_22 limit 1
 x_23 obj 14
 x_23 element_24 1
 x_23 element_27 1
 x_23 element_37 1
 x_23 element_45 1
 x_23 element_56 1
 x_23 element_57 1
 x_23 element_71 1
 x_23 element_79 1
 x_23 element_81 1
 x_23 element_90 1
 x_23 element_104 1
 x_23 element_113 1
 x_23 element_116 1
 x_23 element_118 1
 x_23 element_119 1
 x_23 element_122 1
 x_23 element_128 1
 x_23 element_132 1
 x_23 element_148 1
 x_23 element_150 1
 x_23 element_169 1
 x_23 element_175 1
 x_23 element_191 1
 x_23 limit 1
 x_24 obj 41
 x_24 element_50 1
 x_24 element_57 1
 x_24 element_95 1
 x_24 element_96 1
 x_24 element_97 1
 x_24 element_98 1
 x_24 element_107 1
 x_24 element_112 1
 x_24 element_114 1
 x_24 element_146 1
 x_24 element_151 1
 x_24 element_152 1
 x_24 element_162 1
 x_24 element_183 1
 x_24 element_184 1
 x_24 element_190 1
 x_24 limit 1
 x_25 obj 35
 x_25 element_4 1
 x_25 element_17 1
 x_25 element_30 1
 x_25 element_37 1
 x_25 element_52 1
 x_25 element_55 1
 x_25 element_59 1
 x_25 element_76 1
 x_25 element_85 1
 x_25 element_90 1
 x_25 element_91 1
 x_25 element_99 1
 x_25 element_100 1
 x_25 element_101 1
 x_25 element_111 1
 x_25 element_136 1
 x_25 element_139 1
 x_25 element_144 1
 x_25 element_151 1
 x_25 element_171 1
 x_25 element_178 1
 x_25 limit 1
 x_26 obj 4
 x_26 element_3 1
 x_26 element_5 1
 x_26 element_23 1
 x_26 element_37 1
 x_26 element_44 1
 x_26 element_50 1
 x_26 element_53 1
 x_26 element_64 1
 x_26 element_72 1
 x_26 element_84 1
 x_26 element_96 1
 x_26 element_111 1
 x_26 element_131 1
 x_26 element_133 1
 x_26 element_134 1
 x_26 element_142 1
 x_26 element_165 1
 x_26 element_167 1
 x_26 element_177 1
 x_26 element_187 1
 x_26 element_199 1
 x_26 limit 1
 x_27 obj 87
 x_27 element_0 1
 x_27 element_17 1
 x_27 element_18 1
 x_27 element_27 1
 x_27 element_43 1
 x_27 element_67 1
 x_27 element_80 1
 x_27 element_83 1
 x_27 element_85 1
 x_27 element_93 1
 x_27 element_110 1
 x_27 element_116 1
 x_27 element_118 1
 x_27 element_121 1
 x_27 element_123 1
 x_27 element_155 1
 x_27 element_156 1
 x_27 element_172 1
 x_27 element_188 1
 x_27 element_192 1
 x_27 limit 1
 x_28 obj 9
 x_28 element_3 1
 x_28 element_6 1
 x_28 element_19 1
 x_28 element_25 1
 x_28 element_35 1
 x_28 element_37 1
 x_28 element_54 1
 x_28 element_67 1
 x_28 element_68 1
 x_28 element_72 1
 x_28 element_78 1
 x_28 element_87 1
 x_28 element_105 1
 x_28 element_117 1
 x_28 element_120 1
 x_28 element_139 1
 x_28 element_147 1
 x_28 element_156 1
 x_28 element_157 1
 x_28 element_161 1
 x_28 element_167 1
 x_28 element_171 1
 x_28 element_175 1
 x_28 element_191 1
 x_28 limit 1
 x_29 obj 84
 x_29 element_15 1
 x_29 element_31 1
 x_29 element_41 1
 x_29 element_54 1
 x_29 element_66 1
 x_29 element_75 1
 x_29 element_115 1
 x_29 element_118 1
 x_29 element_129 1
 x_29 element_134 1
 x_29 element_141 1
 x_29 element_145 1
 x_29 element_170 1
 x_29 element_192 1
 x_29 limit 1
 x_30 obj 86
 x_30 element_1 1
 x_30 element_8 1
 x_30 element_16 1
 x_30 element_22 1
 x_30 element_25 1
 x_30 element_42 1
 x_30 element_48 1
 x_30 element_52 1
 x_30 element_63 1
 x_30 element_80 1
 x_30 element_81 1
 x_30 element_90 1
 x_30 element_100 1
 x_30 element_105 1
 x_30 element_106 1
 x_30 element_108 1
 x_30 element_116 1
 x_30 element_122 1
 x_30 element_133 1
 x_30 element_141 1
 x_30 element_150 1
 x_30 element_153 1
 x_30 element_160 1
 x_30 element_161 1
 x_30 element_176 1
 x_30 element_178 1
 x_30 element_185 1
 x_30 element_195 1
 x_30 element_199 1
 x_30 limit 1
 x_31 obj 69
 x_31 element_1 1
 x_31 element_16 1
 x_31 element_23 1
 x_31 element_34 1
 x_31 element_95 1
 x_31 element_96 1
 x_31 element_99 1
 x_31 element_103 1
 x_31 element_107 1
 x_31 element_114 1
 x_31 element_115 1
 x_31 element_139 1
 x_31 element_146 1
 x_31 element_154 1
 x_31 element_177 1
 x_31 element_195 1
 x_31 element_196 1
 x_31 limit 1
 x_32 obj 57
 x_32 element_4 1
 x_32 element_5 1
 x_32 element_17 1
 x_32 element_25 1
 x_32 element_51 1
 x_32 element_56 1
 x_32 element_71 1
 x_32 element_126 1
 x_32 element_130 1
 x_32 element_138 1
 x_32 element_158 1
 x_32 element_169 1
 x_32 element_185 1
 x_32 element_195 1
 x_32 limit 1
 x_33 obj 51
 x_33 element_17 1
 x_33 element_24 1
 x_33 element_25 1
 x_33 element_42 1
 x_33 element_47 1
 x_33 element_59 1
 x_33 element_65 1
 x_33 element_77 1
 x_33 element_79 1
 x_33 element_82 1
 x_33 element_85 1
 x_33 element_106 1
 x_33 element_113 1
 x_33 element_119 1
 x_33 element_147 1
 x_33 element_157 1
 x_33 element_159 1
 x_33 element_163 1
 x_33 element_181 1
 x_33 element_190 1
 x_33 element_196 1
 x_33 element_197 1
 x_33 element_198 1
 x_33 limit 1
 x_34 obj 99
 x_34 element_4 1
 x_34 element_20 1
 x_34 element_31 1
 x_34 element_43 1
 x_34 element_61 1
 x_34 element_70 1
 x_34 element_89 1
 x_34 element_93 1
 x_34 element_100 1
 x_34 element_108 1
 x_34 element_112 1
 x_34 element_114 1
 x_34 element_119 1
 x_34 element_121 1
 x_34 element_176 1
 x_34 element_180 1
 x_34 element_184 1
 x_34 element_193 1
 x_34 limit 1
 x_35 obj 19
 x_35 element_16 1
 x_35 element_20 1
 x_35 element_22 1
 x_35 element_36 1
 x_35 element_59 1
 x_35 element_63 1
 x_35 element_86 1
 x_35 element_88 1
 x_35 element_92 1
 x_35 element_97 1
 x_35 element_121 1
 x_35 element_127 1
 x_35 element_130 1
 x_35 element_144 1
 x_35 element_148 1
 x_35 element_149 1
 x_35 element_163 1
 x_35 element_165 1
 x_35 element_169 1
 x_35 element_189 1
 x_35 limit 1
 x_36 obj 42
 x_36 element_6 1
 x_36 element_33 1
 x_36 element_46 1
 x_36 element_58 1
 x_36 element_64 1
 x_36 element_76 1
 x_36 element_79 1
 x_36 element_84 1
 x_36 element_94 1
 x_36 element_97 1
 x_36 element_111 1
 x_36 element_112 1
 x_36 element_131 1
 x_36 element_154 1
 x_36 element_155 1
 x_36 limit 1
 x_37 obj 81
 x_37 element_3 1
 x_37 element_10 1
 x_37 element_11 1
 x_37 element_31 1
 x_37 element_41 1
 x_37 element_53 1
 x_37 element_62 1
 x_37 element_65 1
 x_37 element_67 1
 x_37 element_75 1
 x_37 element_91 1
 x_37 element_99 1
 x_37 element_110 1
 x_37 element_134 1
 x_37 element_150 1
 x_37 element_151 1
 x_37 element_155 1
 x_37 element_163 1
 x_37 element_165 1
 x_37 element_180 1
 x_37 element_181 1
 x_37 element_189 1
 x_37 limit 1
 x_38 obj 28
 x_38 element_0 1
 x_38 element_7 1
 x_38 element_35 1
 x_38 element_44 1
 x_38 element_47 1
 x_38 element_49 1
 x_38 element_63 1
 x_38 element_66 1
 x_38 element_108 1
 x_38 element_116 1
 x_38 element_127 1
 x_38 element_133 1
 x_38 element_158 1
 x_38 element_176 1
 x_38 element_196 1
 x_38 limit 1
 x_39 obj 6
 x_39 element_49 1
 x_39 element_54 1
 x_39 element_58 1
 x_39 element_62 1
 x_39 element_75 1
 x_39 element_80 1
 x_39 element_85 1
 x_39 element_103 1
 x_39 element_110 1
 x_39 element_113 1
 x_39 element_123 1
 x_39 element_128 1
 x_39 element_144 1
 x_39 element_148 1
 x_39 element_149 1
 x_39 element_160 1
 x_39 element_168 1
 x_39 element_174 1
 x_39 element_191 1
 x_39 limit 1
 x_40 obj 3
 x_40 element_4 1
 x_40 element_6 1
 x_40 element_29 1
 x_40 element_32 1
 x_40 element_47 1
 x_40 element_81 1
 x_40 element_109 1
 x_40 element_117 1
 x_40 element_122 1
 x_40 element_123 1
 x_40 element_125 1
 x_40 element_132 1
 x_40 element_144 1
 x_40 element_158 1
 x_40 element_160 1
 x_40 element_169 1
 x_40 element_178 1
 x_40 element_183 1
 x_40 element_194 1
 x_40 limit 1
 x_41 obj 1
 x_41 element_1 1
 x_41 element_2 1
 x_41 element_11 1
 x_41 element_17 1
 x_41 element_31 1
 x_41 element_34 1
 x_41 element_53 1
 x_41 element_79 1
 x_41 element_123 1
 x_41 element_133 1
 x_41 element_137 1
 x_41 element_140 1
 x_41 element_143 1
 x_41 element_155 1
 x_41 element_164 1
 x_41 element_168 1
 x_41 element_171 1
 x_41 element_181 1
 x_41 element_187 1
 x_41 element_198 1
 x_41 limit 1
 x_42 obj 29
 x_42 element_5 1
 x_42 element_9 1
 x_42 element_18 1
 x_42 element_32 1
 x_42 element_44 1
 x_42 element_51 1
 x_42 element_54 1
 x_42 element_73 1
 x_42 element_78 1
 x_42 element_90 1
 x_42 element_130 1
 x_42 element_135 1
 x_42 element_141 1
 x_42 element_147 1
 x_42 element_149 1
 x_42 element_159 1
 x_42 element_173 1
 x_42 element_190 1
 x_42 element_195 1
 x_42 limit 1
 x_43 obj 51
 x_43 element_0 1
 x_43 element_8 1
 x_43 element_33 1
 x_43 element_35 1
 x_43 element_40 1
 x_43 element_41 1
 x_43 element_42 1
 x_43 element_57 1
 x_43 element_58 1
 x_43 element_67 1
 x_43 element_80 1
 x_43 element_82 1
 x_43 element_127 1
 x_43 element_128 1
 x_43 element_132 1
 x_43 element_135 1
 x_43 element_136 1
 x_43 element_137 1
 x_43 element_139 1
 x_43 element_154 1
 x_43 element_173 1
 x_43 element_189 1
 x_43 limit 1
 x_44 obj 9
 x_44 element_3 1
 x_44 element_5 1
 x_44 element_13 1
 x_44 element_36 1
 x_44 element_49 1
 x_44 element_52 1
 x_44 element_67 1
 x_44 element_74 1
 x_44 element_88 1
 x_44 element_93 1
 x_44 element_104 1
 x_44 element_114 1
 x_44 element_117 1
 x_44 element_119 1
 x_44 element_123 1
 x_44 element_126 1
 x_44 element_133 1
 x_44 element_148 1
 x_44 element_151 1
 x_44 element_153 1
 x_44 element_157 1
 x_44 element_168 1
 x_44 element_171 1
 x_44 element_175 1
 x_44 element_176 1
 x_44 element_190 1
 x_44 element_193 1
 x_44 limit 1
 x_45 obj 97
 x_45 element_1 1
 x_45 element_11 1
 x_45 element_12 1
 x_45 element_14 1
 x_45 element_15 1
 x_45 element_16 1
 x_45 element_40 1
 x_45 element_43 1
 x_45 element_49 1
 x_45 element_58 1
 x_45 element_62 1
 x_45 element_68 1
 x_45 element_72 1
 x_45 element_86 1
 x_45 element_90 1
 x_45 element_99 1
 x_45 element_102 1
 x_45 element_113 1
 x_45 element_115 1
 x_45 element_124 1
 x_45 element_125 1
 x_45 element_136 1
 x_45 element_144 1
 x_45 element_151 1
 x_45 element_162 1
 x_45 element_177 1
 x_45 element_178 1
 x_45 element_193 1
 x_45 element_197 1
 x_45 limit 1
 x_46 obj 14
 x_46 element_4 1
 x_46 element_22 1
 x_46 element_24 1
 x_46 element_30 1
 x_46 element_39 1
 x_46 element_43 1
 x_46 element_68 1
 x_46 element_71 1
 x_46 element_72 1
 x_46 element_73 1
 x_46 element_88 1
 x_46 element_97 1
 x_46 element_110 1
 x_46 element_126 1
 x_46 element_131 1
 x_46 element_148 1
 x_46 element_172 1
 x_46 element_179 1
 x_46 element_181 1
 x_46 element_199 1
 x_46 limit 1
 x_47 obj 36
 x_47 element_0 1
 x_47 element_27 1
 x_47 element_30 1
 x_47 element_38 1
 x_47 element_42 1
 x_47 element_46 1
 x_47 element_50 1
 x_47 element_53 1
 x_47 element_59 1
 x_47 element_72 1
 x_47 element_76 1
 x_47 element_77 1
 x_47 element_94 1
 x_47 element_97 1
 x_47 element_103 1
 x_47 element_104 1
 x_47 element_135 1
 x_47 element_140 1
 x_47 element_142 1
 x_47 element_152 1
 x_47 element_157 1
 x_47 element_158 1
 x_47 element_164 1
 x_47 element_165 1
 x_47 element_175 1
 x_47 element_188 1
 x_47 limit 1
 x_48 obj 86
 x_48 element_5 1
 x_48 element_7 1
 x_48 element_8 1
 x_48 element_25 1
 x_48 element_47 1
 x_48 element_60 1
 x_48 element_62 1
 x_48 element_69 1
 x_48 element_71 1
 x_48 element_83 1
 x_48 element_103 1
 x_48 element_108 1
 x_48 element_125 1
 x_48 element_134 1
 x_48 element_141 1
 x_48 element_150 1
 x_48 element_173 1
 x_48 element_177 1
 x_48 element_181 1
 x_48 element_189 1
 x_48 element_194 1
 x_48 limit 1
 x_49 obj 82
 x_49 element_31 1
 x_49 element_39 1
 x_49 element_42 1
 x_49 element_45 1
 x_49 element_48 1
 x_49 element_56 1
 x_49 element_62 1
 x_49 element_65 1
 x_49 element_73 1
 x_49 element_77 1
 x_49 element_88 1
 x_49 element_93 1
 x_49 element_96 1
 x_49 element_102 1
 x_49 element_115 1
 x_49 element_133 1
 x_49 element_137 1
 x_49 element_142 1
 x_49 element_144 1
 x_49 limit 1
 x_50 obj 63
 x_50 element_9 1
 x_50 element_12 1
 x_50 element_26 1
 x_50 element_36 1
 x_50 element_44 1
 x_50 element_63 1
 x_50 element_68 1
 x_50 element_87 1
 x_50 element_102 1
 x_50 element_109 1
 x_50 element_115 1
 x_50 element_117 1
 x_50 element_127 1
 x_50 element_136 1
 x_50 element_156 1
 x_50 element_164 1
 x_50 element_166 1
 x_50 element_167 1
 x_50 element_178 1
 x_50 element_193 1
 x_50 element_197 1
 x_50 element_198 1
 x_50 limit 1
 x_51 obj 17
 x_51 element_2 1
 x_51 element_12 1
 x_51 element_34 1
 x_51 element_36 1
 x_51 element_51 1
 x_51 element_97 1
 x_51 element_105 1
 x_51 element_107 1
 x_51 element_111 1
 x_51 element_122 1
 x_51 element_132 1
 x_51 element_145 1
 x_51 element_164 1
 x_51 element_174 1
 x_51 element_176 1
 x_51 element_182 1
 x_51 element_183 1
 x_51 limit 1
 x_52 obj 42
 x_52 element_0 1
 x_52 element_14 1
 x_52 element_31 1
 x_52 element_91 1
 x_52 element_95 1
 x_52 element_118 1
 x_52 element_124 1
 x_52 element_136 1
 x_52 element_137 1
 x_52 element_146 1
 x_52 element_147 1
 x_52 element_159 1
 x_52 element_185 1
 x_52 limit 1
 x_53 obj 2
 x_53 element_0 1
 x_53 element_1 1
 x_53 element_6 1
 x_53 element_8 1
 x_53 element_20 1
 x_53 element_22 1
 x_53 element_23 1
 x_53 element_26 1
 x_53 element_55 1
 x_53 element_61 1
 x_53 element_83 1
 x_53 element_126 1
 x_53 element_163 1
 x_53 element_166 1
 x_53 element_172 1
 x_53 element_184 1
 x_53 element_187 1
 x_53 element_196 1
 x_53 limit 1
 x_54 obj 2
 x_54 element_10 1
 x_54 element_12 1
 x_54 element_13 1
 x_54 element_19 1
 x_54 element_28 1
 x_54 element_41 1
 x_54 element_48 1
 x_54 element_53 1
 x_54 element_98 1
 x_54 element_101 1
 x_54 element_110 1
 x_54 element_127 1
 x_54 element_140 1
 x_54 element_167 1
 x_54 element_180 1
 x_54 element_186 1
 x_54 element_196 1
 x_54 limit 1
 x_55 obj 59
 x_55 element_19 1
 x_55 element_24 1
 x_55 element_29 1
 x_55 element_37 1
 x_55 element_40 1
 x_55 element_68 1
 x_55 element_71 1
 x_55 element_77 1
 x_55 element_85 1
 x_55 element_86 1
 x_55 element_91 1
 x_55 element_92 1
 x_55 element_111 1
 x_55 element_124 1
 x_55 element_128 1
 x_55 element_129 1
 x_55 element_130 1
 x_55 element_141 1
 x_55 element_142 1
 x_55 element_148 1
 x_55 element_159 1
 x_55 element_160 1
 x_55 element_174 1
 x_55 element_179 1
 x_55 element_185 1
 x_55 element_192 1
 x_55 limit 1
 x_56 obj 46
 x_56 element_10 1
 x_56 element_24 1
 x_56 element_52 1
 x_56 element_58 1
 x_56 element_60 1
 x_56 element_65 1
 x_56 element_66 1
 x_56 element_78 1
 x_56 element_79 1
 x_56 element_87 1
 x_56 element_88 1
 x_56 element_92 1
 x_56 element_96 1
 x_56 element_104 1
 x_56 element_105 1
 x_56 element_126 1
 x_56 element_135 1
 x_56 element_147 1
 x_56 element_153 1
 x_56 element_154 1
 x_56 limit 1
 x_57 obj 14
 x_57 element_8 1
 x_57 element_21 1
 x_57 element_48 1
 x_57 element_70 1
 x_57 element_100 1
 x_57 element_102 1
 x_57 element_103 1
 x_57 element_114 1
 x_57 element_116 1
 x_57 element_131 1
 x_57 element_132 1
 x_57 element_138 1
 x_57 element_145 1
 x_57 element_146 1
 x_57 element_152 1
 x_57 element_159 1
 x_57 element_179 1
 x_57 element_184 1
 x_57 element_190 1
 x_57 limit 1
 x_58 obj 85
 x_58 element_33 1
 x_58 element_37 1
 x_58 element_55 1
 x_58 element_69 1
 x_58 element_72 1
 x_58 element_87 1
 x_58 element_101 1
 x_58 element_152 1
 x_58 element_156 1
 x_58 element_158 1
 x_58 element_174 1
 x_58 element_177 1
 x_58 element_180 1
 x_58 element_185 1
 x_58 element_187 1
 x_58 element_191 1
 x_58 element_198 1
 x_58 limit 1
 x_59 obj 78
 x_59 element_2 1
 x_59 element_4 1
 x_59 element_18 1
 x_59 element_22 1
 x_59 element_24 1
 x_59 element_30 1
 x_59 element_39 1
 x_59 element_57 1
 x_59 element_81 1
 x_59 element_94 1
 x_59 element_108 1
 x_59 element_120 1
 x_59 element_122 1
 x_59 element_155 1
 x_59 element_161 1
 x_59 element_186 1
 x_59 element_198 1
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
 RHS limit 18
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
