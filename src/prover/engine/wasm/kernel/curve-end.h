#undef CURVE
#undef COORD
#undef COORD_PARTS
#undef POINT
#undef CN
#undef CO
#undef PART
#undef CONST_PART
