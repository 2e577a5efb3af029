<?xml version="1.0" encoding="UTF-8"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:ec="urn:ecert:exchange" xmlns:e="http://ephyto.ippc.int/"
                xmlns:h="http://ephyto.ippc.int/HUB.Entities" exclude-result-prefixes="ec">
  <xsl:include href="header.xsl"/>
  <!-- The contract has a plural here that no other result has. -->
  <xsl:template match="/ec:exchange">
    <e:PULLImportEnvelopeResponse>
      <e:PULLImportEnvelopesResult>
        <xsl:for-each select="ec:envelopes/ec:envelope">
          <h:Envelope><xsl:apply-templates select="." mode="whole"/></h:Envelope>
        </xsl:for-each>
      </e:PULLImportEnvelopesResult>
    </e:PULLImportEnvelopeResponse>
  </xsl:template>
</xsl:stylesheet>
