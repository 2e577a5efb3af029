<?xml version="1.0" encoding="UTF-8"?>
<!-- An SPSCertificate 17 as version 8 (ram 12, udt 8): the same elements in the older namespaces, dates as udt:DateTime. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:rsm17="urn:un:unece:uncefact:data:standard:SPSCertificate:17"
                xmlns:ram21="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:21"
                xmlns:udt21="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:21"
                exclude-result-prefixes="rsm17 ram21 udt21">
  <xsl:template match="@*|text()|processing-instruction()|comment()"><xsl:copy/></xsl:template>
  <xsl:template match="rsm17:*">
    <xsl:element name="rsm:{local-name()}" namespace="urn:un:unece:uncefact:data:standard:SPSCertificate:8">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="ram21:*">
    <xsl:element name="ram:{local-name()}"
                 namespace="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="udt21:DateTimeString">
    <xsl:element name="udt:DateTime" namespace="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:8">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="udt21:*">
    <xsl:element name="udt:{local-name()}" namespace="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:8">
      <xsl:apply-templates select="@*|node()"/>
    </xsl:element>
  </xsl:template>
  <xsl:template match="*">
    <xsl:message terminate="yes">an element in a namespace that version 8 does not know: <xsl:value-of select="name()"/></xsl:message>
  </xsl:template>
</xsl:stylesheet>
