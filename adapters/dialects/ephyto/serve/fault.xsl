<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/"
                xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <xsl:template match="/ec:exchange">
    <e:HubWebException>
      <e:message><xsl:value-of select="ec:facts/ec:fact[@name='text']"/></e:message>
    </e:HubWebException>
  </xsl:template>
</xsl:stylesheet>
