<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/"
                xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <!-- The fields of a result stand in no namespace. -->
  <xsl:template match="/ec:exchange">
    <e:ValidatePhytoXMLResponse>
      <xsl:for-each select="ec:findings/ec:finding">
        <e:ValidationResult>
          <area><xsl:value-of select="@area"/></area>
          <field><xsl:value-of select="@field"/></field>
          <level><xsl:value-of select="@level"/></level>
          <msg><xsl:value-of select="."/></msg>
        </e:ValidationResult>
      </xsl:for-each>
    </e:ValidatePhytoXMLResponse>
  </xsl:template>
</xsl:stylesheet>
