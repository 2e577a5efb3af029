<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/" xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <xsl:include href="header.xsl"/>
  <xsl:template match="/ec:exchange">
    <e:ValidateAndDeliverEnvelope>
      <e:envelope>
        <xsl:apply-templates select="ec:envelope"/>
        <h:Content><ec:content ref="content" encoding="{ec:content/@encoding}"/></h:Content>
      </e:envelope>
    </e:ValidateAndDeliverEnvelope>
  </xsl:template>
</xsl:stylesheet>
