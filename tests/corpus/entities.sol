<?xml version="1.0"?>
<!DOCTYPE s [<!ENTITY a "1111111111"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<CPLEXSolution><variables><variable name="x" value="&b;"/></variables></CPLEXSolution>
