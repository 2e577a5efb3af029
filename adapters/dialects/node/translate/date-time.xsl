<?xml version="1.0" encoding="UTF-8"?>
<!-- The same certificate with dates as udt:DateTime, as TRACES writes them, instead of udt:DateTimeString. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21">
  <xsl:template match="@*|node()">
    <xsl:copy><xsl:apply-templates select="@*|node()"/></xsl:copy>
  </xsl:template>
  <xsl:template match="udt:DateTimeString">
    <udt:DateTime><xsl:apply-templates select="@*|node()"/></udt:DateTime>
  </xsl:template>
</xsl:stylesheet>
