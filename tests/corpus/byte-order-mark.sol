# Solution for model small
x 4
