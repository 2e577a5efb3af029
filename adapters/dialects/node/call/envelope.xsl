<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:n="urn:ecert:node:1" exclude-result-prefixes="ec">
  <xsl:template match="ec:envelope">
    <n:Envelope>
      <n:From><xsl:value-of select="ec:from"/></n:From>
      <n:To><xsl:value-of select="ec:to"/></n:To>
      <n:Number><xsl:value-of select="ec:number"/></n:Number>
      <n:Type><xsl:value-of select="ec:type"/></n:Type>
      <n:Status><xsl:value-of select="ec:status"/></n:Status>
    </n:Envelope>
  </xsl:template>
</xsl:stylesheet>
